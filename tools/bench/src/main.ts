import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bench } from './bench.ts'
import { environment } from './environment.ts'
import { measure } from './measure.ts'
import type { BenchOptions } from './options.ts'
import { benchOptions, usage } from './options.ts'
import { perLine } from './summary.ts'
import { report } from './table.ts'

try {
  const options = benchOptions(process.argv.slice(2))
  if (options === null) process.stdout.write(usage)
  else await main(options)
} catch (error) {
  if (!(error instanceof Error)) throw error
  const isUsage = error instanceof RangeError || error instanceof TypeError
  process.stderr.write(`bench: ${error.message}${isUsage ? '\nTry --help.' : ''}\n`)
  process.exitCode = isUsage ? 2 : 1
}

async function main(options: BenchOptions): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'logpipe-bench-'))
  // On exit and not in a finally, so that Ctrl-C leaves no gigabytes behind either.
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  const machine = environment(new Date())
  const cases = await bench(options, {
    scratch,
    measure: (work, file, threads) => measure(work, file, threads, scratch),
    progress: (text) => process.stderr.write(`${text}\n`),
  })
  const lines = perLine(cases)
  process.stdout.write(report(machine, cases, lines))
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify({ environment: machine, options, cases, perLine: lines }, null, 2)}\n`)
}
