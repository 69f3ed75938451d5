import { parseArgs } from 'node:util'
import { report, runLaws } from './run-laws.ts'

// `npm run fuzz`: the laws of laws.nightly.test.ts on as many lines, and from the seed, that are asked for. Without a test runner around the
// parser's loops it is several times faster.
const { values } = parseArgs({ options: { lines: { type: 'string', default: '100000' }, seed: { type: 'string', default: String(Math.floor(Math.random() * 0x3fffffff)) } } })
const [lines, seed] = [Number(values.lines), Number(values.seed)]
if (!Number.isSafeInteger(lines) || lines < 1 || !Number.isSafeInteger(seed)) throw new Error('usage: fuzz.ts [--lines N] [--seed N]')
process.stderr.write(`seed ${seed}, ${lines} lines\n`)
const { figures, counterexamples } = await runLaws({ name: 'fuzz', seed, lines, perSource: 20_000 })
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
if (counterexamples.length > 0) process.stderr.write(`${report(counterexamples)}\nAgain: npm run fuzz -- --seed ${seed} --lines ${lines}\n`)
process.exitCode = counterexamples.length > 0 ? 1 : 0
