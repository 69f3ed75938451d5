import { asMarkdown, asText, evaluate, type EvaluationOptions, MIXES, type MixName, SEEDS, type SeedList, tables } from '@logpipe/evaluate'
import { LogpipeError } from '@logpipe/core'
import { print, printJson, style, tell } from '../output.ts'

export interface EvaluateOptions {
  readonly json: boolean
  readonly markdown: boolean
  /** A name of SEEDS. */
  readonly seeds: string
  /** Names of MIXES; all when left out. */
  readonly mix?: readonly string[]
  readonly lines: number
}

const isSeedList = (name: string): name is SeedList => name in SEEDS
const isMix = (name: string): name is MixName => name in MIXES

function checked({ seeds, mix, lines }: EvaluateOptions): EvaluationOptions {
  if (!isSeedList(seeds)) throw new LogpipeError('USAGE', { detail: `--seeds ${seeds}: one of ${Object.keys(SEEDS).join(', ')} is wanted` })
  const unknown = mix?.filter((name) => !isMix(name)) ?? []
  if (unknown.length > 0) throw new LogpipeError('USAGE', { detail: `--mix ${unknown.join(', ')}: out of ${Object.keys(MIXES).join(', ')}` })
  return { seeds, lines, ...(mix === undefined ? {} : { mixes: mix.filter(isMix) }) }
}

/** `logpipe evaluate`: how well attacks are found, on generated logs whose truth is known. */
export async function evaluateDetection(options: EvaluateOptions): Promise<number> {
  const evaluation = await evaluate({ ...checked(options), onLog: (done, all, name) => tell(`log ${done + 1} of ${all}: ${name}`) })
  if (options.json) printJson({ ok: true, data: evaluation })
  else if (options.markdown) print(tables(evaluation).map(asMarkdown).join('\n\n'))
  else {
    for (const table of tables(evaluation)) {
      const [title = '', ...rows] = asText(table).split('\n')
      print(`${style('bold', title)}\n${rows.join('\n')}\n`)
    }
    tell(`Definition ${evaluation.definition}, ${evaluation.logs.length} logs of ${evaluation.lines.toLocaleString('en')} lines. Against fail2ban, CrowdSec and PyOD: npm run test:real`)
  }
  return 0
}
