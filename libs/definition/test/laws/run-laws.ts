import { mkdir, readFile, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { definition } from '../run-layer.ts'
import { SilverOnDuckDb } from '../silver-duckdb.ts'
import { sourceGenerator } from './generate.ts'
import { type Bench, LAWS, readSource } from './laws.ts'

const FILE = new URL('../../.results/laws.json', import.meta.url)
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu']

export interface LawsOptions {
  readonly name: 'sample' | 'nightly' | 'fuzz'
  readonly seed: number
  /** Lines in all, and in each source. */
  readonly lines: number
  readonly perSource: number
}

export interface Counterexample {
  readonly law: string
  /** With it and `lines`, `sourceGenerator` makes the source again. */
  readonly seed: number
  readonly lines: number
  readonly timezone: string
  readonly found: readonly unknown[]
}

export interface Figures {
  readonly date: string
  readonly seed: number
  readonly lines: number
  readonly sources: number
  readonly parsed: number
  readonly quarantined: number
  /** Templates of the catalogue that some generated line fits. */
  readonly templates: number
  readonly laws: Readonly<Record<string, { inputs: number; counterexamples: number }>>
}

/** Holds generated sources to every law and keeps the figures in .results/laws.json. Gives the first counterexamples. */
export async function runLaws({ name, seed, lines, perSource }: LawsOptions): Promise<{ figures: Figures; counterexamples: Counterexample[] }> {
  const { catalogue } = definition
  const generate = sourceGenerator(catalogue)
  const duckdb = await SilverOnDuckDb.create(catalogue)
  const laws = new Map([...LAWS.keys()].map((law) => [law, { inputs: 0, counterexamples: 0 }]))
  const templates = new Set<string>()
  const counterexamples: Counterexample[] = []
  const sum = { lines: 0, sources: 0, parsed: 0, quarantined: 0 }
  try {
    while (sum.lines < lines) {
      const sourceSeed = seed + sum.sources
      const source = generate(sourceSeed, Math.min(perSource, lines - sum.lines))
      const picks = fc.sample(fc.nat({ max: 0x3fffffff }), { seed: sourceSeed, numRuns: 5000 })
      let picked = 0
      const timezone = ZONES[sum.sources % ZONES.length] ?? 'UTC'
      const bench: Bench = { catalogue, duckdb, params: { timezone, baseTimeMs: Date.UTC(2016, 0, 2, 3, 4, 5) }, pick: (max) => (picks[picked++ % picks.length] ?? 0) % Math.max(1, max) }
      const read = readSource(source, bench)
      for (const { template_id } of read.events) if (template_id !== null) templates.add(template_id)
      for (const [law, holds] of LAWS) {
        const count = laws.get(law) ?? { inputs: 0, counterexamples: 0 }
        const found = await Promise.resolve(holds(read, bench)).catch((error: unknown) => [{ thrown: String(error) }])
        laws.set(law, { inputs: count.inputs + source.lines.length, counterexamples: count.counterexamples + found.length })
        if (found.length > 0 && counterexamples.length < 20) counterexamples.push({ law, seed: sourceSeed, lines: source.lines.length, timezone, found: found.slice(0, 3) })
      }
      sum.lines += source.lines.length
      sum.sources++
      sum.parsed += read.silver.counts.parsed
      sum.quarantined += read.silver.counts.quarantined
    }
  } finally {
    duckdb.close()
  }
  const figures: Figures = { date: new Date().toISOString().slice(0, 10), seed, ...sum, templates: templates.size, laws: Object.fromEntries(laws) }
  await keep(name, { ...figures, found: counterexamples })
  return { figures, counterexamples }
}

/** Each size has its own entry, so that a quick sample does not overwrite the night's figures. */
async function keep(name: string, figures: object): Promise<void> {
  const text = await readFile(FILE, 'utf8').catch(() => '{}')
  await mkdir(new URL('.', FILE), { recursive: true })
  await writeFile(FILE, `${JSON.stringify({ ...(JSON.parse(text) as object), [name]: figures }, null, 2)}\n`)
}

/** What a failing test shows: everything that is needed to see it again. */
export const report = (counterexamples: readonly Counterexample[]): string => counterexamples.map((one) => JSON.stringify(one, null, 2)).join('\n')
