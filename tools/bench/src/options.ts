import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly lines: readonly number[]
  readonly pairs: number
  readonly threads: readonly number[]
  readonly seed: number
  /** Where the JSON goes; null for nowhere. */
  readonly json: string | null
}

export const usage = `Usage: npm run bench -- [options]

Times all layers on generated logs against the limit: DuckDB reading the same file as lines into one Parquet column.

  --lines N,N   sizes of the logs               (10000,1000000,5000000)
  --pairs N     measurements of each, by turns  (5)
  --threads N,N DuckDB's threads                (1,2)
  --seed N      of the generated logs           (1)
  --json FILE   writes all the numbers there
  --help
`

/** Null when help is asked for. Throws RangeError or parseArgs' TypeError for what cannot be understood. */
export function benchOptions(args: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      lines: { type: 'string', default: '10000,1000000,5000000' },
      pairs: { type: 'string', default: '5' },
      threads: { type: 'string', default: '1,2' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  return {
    lines: values.lines.split(',').map((text) => positive('lines', text)),
    pairs: positive('pairs', values.pairs),
    threads: values.threads.split(',').map((text) => positive('threads', text)),
    seed: positive('seed', values.seed),
    json: values.json ?? null,
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name}: expected a whole number above 0, got ${text}`)
  return value
}
