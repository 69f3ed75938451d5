import { parseArgs } from 'node:util'
import type { HostSpec, SshdVersion } from './hosts.ts'
import type { LogOptions } from './options.ts'
import { scenarios } from './scenarios/index.ts'
import { writeLog } from './write.ts'

const usage = `Usage: node tools/loggen/src/main.ts --lines N --seed N [options]

Writes a realistic OpenSSH log; the same options give the same bytes.

  --lines N         lines of the log, exactly
  --seed N          any whole number
  --out FILE        default: stdout
  --truth FILE      what each actor did, as JSON lines
  --start TIME      ISO time of the first line       (2025-03-03T00:00:00Z)
  --days N          span of the log                  (lines / 12000, 0.25 to 60)
  --host NAME=SSHD  SSHD is 6.6, 9.2 or 9.8; may be given several times
  --mix KIND=N      weight of a kind of actor, as a share of lines; may be given several times
  --crlf            lines end in \\r\\n
  --help

Kinds: ${scenarios.map(({ kind }) => kind).join(', ')}
`

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Error)) throw error
  const isUsage = error instanceof RangeError || error instanceof TypeError
  process.stderr.write(`loggen: ${error.message}${isUsage ? '\nTry --help.' : ''}\n`)
  process.exitCode = isUsage ? 2 : 3
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      lines: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
      truth: { type: 'string' },
      start: { type: 'string' },
      days: { type: 'string' },
      host: { type: 'string', multiple: true },
      mix: { type: 'string', multiple: true },
      crlf: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const options: LogOptions = {
    seed: Number(values.seed),
    lines: Number(values.lines),
    newline: values.crlf ? '\r\n' : '\n',
    ...(values.start === undefined ? {} : { start: values.start }),
    ...(values.days === undefined ? {} : { days: Number(values.days) }),
    ...(values.host === undefined ? {} : { hosts: values.host.map(hostSpec) }),
    ...(values.mix === undefined ? {} : { mix: Object.fromEntries(values.mix.map(pair).map(([kind, weight]) => [kind, Number(weight)])) }),
  }
  const { bytes, actors } = await writeLog(options, values.out ?? process.stdout, values.truth)
  if (values.out !== undefined) process.stderr.write(`${options.lines} lines, ${bytes} bytes, ${actors} actors: ${values.out}\n`)
  return 0
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new RangeError(`expected NAME=VALUE, got ${text}`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function hostSpec(text: string): HostSpec {
  const [name, sshd] = pair(text)
  if (!isVersion(sshd)) throw new RangeError(`host: expected 6.6, 9.2 or 9.8 after the name, got ${sshd}`)
  return { name, sshd }
}

function isVersion(text: string): text is SshdVersion {
  return ['6.6', '9.2', '9.8'].includes(text)
}
