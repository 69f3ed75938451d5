import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocalFile, PipelineDefinition } from '@logpipe/core'
import { loadDefinition } from '@logpipe/definition'
import { monitoringRange, type Role, type Truth, writeLog } from '@logpipe/loggen'
import { type Figures, figures } from './figures.ts'
import type { Opinion } from './finding.ts'
import { incidentOf, judge, type Judged } from './judge.ts'
import { contextAfter, type LogpipeView, lookAt } from './logpipe.ts'
import { DEFAULT_LINES, logOptions, MIXES, type MixName, type SeedList, SEEDS } from './plan.ts'

/** Generated logs lie in 2025, so a time without a year, read from here, is the one that was written. */
const END_MS = Date.UTC(2025, 11, 31)
const params = { timezone: 'UTC', baseTimeMs: END_MS }

export interface EvaluationOptions {
  /** Default: dev. */
  readonly seeds?: SeedList | readonly number[]
  /** Default: all. */
  readonly mixes?: readonly MixName[]
  /** Of each log. */
  readonly lines?: number
  /** Others who judge the very same logs, by name. */
  readonly peers?: (log: EvaluatedLog, logpipe: LogpipeView) => Promise<Readonly<Record<string, Opinion>>>
  readonly onLog?: (done: number, all: number, name: string) => void
  readonly definition?: PipelineDefinition
}

export interface EvaluatedLog {
  readonly path: string
  /** ms since the epoch, after the last line and in its year. */
  readonly endMs: number
}

export interface Evaluation {
  /** Of the pipeline's definition. */
  readonly definition: string
  readonly seeds: readonly number[]
  readonly lines: number
  /** `cut`: attacks that the log's end cuts short; judged nowhere. */
  readonly logs: readonly { readonly mix: MixName; readonly seed: number; readonly attacks: number; readonly cut: number; readonly addresses: number; readonly attackers: number }[]
  /** logpipe first. `mixes`: the same by mix. */
  readonly judges: readonly { readonly name: string; readonly all: Figures; readonly mixes: Readonly<Record<string, Figures>> }[]
}

/** The monitoring is on the allow-list, as it would be: of logpipe here, of each peer by its own means. */
export const ALLOWED = [monitoringRange]
const judgements = JSON.stringify({
  kind: 'allow', entity_kind: 'subnet', entity: monitoringRange, host: null, id: null, until: null, reason: 'monitoring', author: 'evaluation',
})

/** Its place in the list of judges: logpipe's own score as a ranking, without the detections; what PyOD's detectors do on the same features. */
export const SCORE_ALONE = 'score alone'

/** Whom a judge must name to have found an attack. Peers know addresses only: one of many is enough for them. */
const CREDIT: { readonly logpipe: readonly Role[]; readonly peer: readonly Role[] } = { logpipe: ['subject'], peer: ['subject', 'member'] }

/** Generates the logs one after the other, has each judged, and sums up. Temporary files only; the same options give the same figures. */
export async function evaluate(options: EvaluationOptions = {}): Promise<Evaluation> {
  const { seeds = 'dev', mixes = Object.keys(MIXES) as MixName[], lines = DEFAULT_LINES, peers, onLog } = options
  const list = typeof seeds === 'string' ? SEEDS[seeds] : seeds
  const definition = options.definition ?? (await loadDefinition())
  const plan = mixes.flatMap((mix) => list.map((seed) => ({ mix, seed })))
  const logs: Evaluation['logs'][number][] = []
  const judged: { judge: string; mix: MixName; judged: Judged }[] = []
  for (const [done, { mix, seed }] of plan.entries()) {
    onLog?.(done, plan.length, `${mix} ${seed}`)
    const dir = await mkdtemp(join(tmpdir(), 'logpipe-evaluate-'))
    try {
      const { truth, history, path } = await generate(dir, mix, seed, lines)
      const learnt = await contextAfter(definition, { log: await fileOf(history), params, context: { judgements } }, join(dir, 'before'))
      const view = await lookAt(definition, { log: await fileOf(path), params, context: { judgements, ...learnt } }, join(dir, 'layers'))
      const opinions: Readonly<Record<string, Opinion>> = { logpipe: { ...view, scores: view.ranking }, [SCORE_ALONE]: { findings: null, scores: view.scores }, ...(await peers?.({ path, endMs: END_MS }, view)) }
      for (const [name, opinion] of Object.entries(opinions)) {
        judged.push({ judge: name, mix, judged: judge(truth, opinion, name === 'logpipe' ? CREDIT.logpipe : CREDIT.peer) })
      }
      logs.push({ mix, seed, ...described(truth) })
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  }
  return {
    definition: definition.hash.slice(0, 12),
    seeds: list,
    lines,
    logs,
    judges: [...Map.groupBy(judged, (one) => one.judge)].map(([name, own]) => ({
      name,
      all: figures(own.map((one) => one.judged)),
      mixes: Object.fromEntries(mixes.map((mix) => [mix, figures(own.filter((one) => one.mix === mix).map((one) => one.judged))])),
    })),
  }
}

async function generate(dir: string, mix: MixName, seed: number, lines: number): Promise<{ truth: Truth[]; history: string; path: string }> {
  const truth: Truth[] = []
  const [history, path] = [join(dir, 'history.log'), join(dir, 'sshd.log')]
  await writeLog({ ...logOptions(mix, seed, lines), onTruth: (row) => void truth.push(row) }, path, { history })
  return { truth, history, path }
}

const fileOf = async (path: string): Promise<LocalFile> => ({ path, bytes: (await stat(path)).size })

function described(truth: readonly Truth[]): { attacks: number; cut: number; addresses: number; attackers: number } {
  const addresses = truth.filter(({ kind, role }) => kind === 'address' && role !== 'target')
  const cut = new Set(truth.filter((row) => row.attack && row.cut).map(incidentOf))
  const unique = (rows: readonly Truth[]): number => new Set(rows.map(({ host, entity }) => `${host} ${entity}`)).size
  return {
    attacks: new Set(truth.filter(({ attack }) => attack).map(incidentOf)).size - cut.size,
    cut: cut.size,
    addresses: unique(addresses),
    attackers: unique(addresses.filter(({ attack }) => attack)),
  }
}
