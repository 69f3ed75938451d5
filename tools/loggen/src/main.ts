import { parseArgs } from 'node:util'
import type { FormatName } from './formats/index.ts'
import { formats } from './formats/index.ts'
import type { HostSpec, SshdVersion } from './hosts.ts'
import { sshdVersions } from './hosts.ts'
import type { LogOptions } from './options.ts'
import type { ProfileName } from './profiles.ts'
import { profiles } from './profiles.ts'
import { groups, membersOf } from './mix.ts'
import { writeLog } from './write.ts'

const usage = `Usage: node tools/loggen/src/main.ts --lines N --seed N [options]

Writes a realistic OpenSSH log; the same options give the same bytes.

  --lines N         lines of the log, exactly
  --seed N          any whole number
  --out FILE        default: stdout
  --truth FILE      what each address, subnet, user and host was part of, as JSON lines
  --profile NAME    ${Object.keys(profiles).join(' or ')}  (basic)
  --start TIME      ISO time of the first line       (2025-03-03T00:00:00Z)
  --days N          span of the log                  (lines / 12000, within what the profile needs and 60)
  --history-days N  these first days go to a file of their own, --history; truth begins after them
  --history FILE
  --host NAME=SSHD  SSHD is one of ${sshdVersions.join(', ')}; may be given several times
  --only KIND,...   these kinds alone
  --mix KIND=N,...  weights as shares of lines
  --format NAME     ${Object.keys(formats).join(', ')}  (rfc3164)
  --crlf            lines end in \\r\\n
  --help

Kinds: attack, benign, or one of
${groups.map((group) => `  ${group}: ${membersOf(group).join(', ')}`).join('\n')}
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
      profile: { type: 'string' },
      start: { type: 'string' },
      days: { type: 'string' },
      'history-days': { type: 'string' },
      history: { type: 'string' },
      host: { type: 'string', multiple: true },
      only: { type: 'string', multiple: true },
      mix: { type: 'string', multiple: true },
      format: { type: 'string' },
      crlf: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  if ((values.history === undefined) !== (values['history-days'] === undefined)) {
    throw new RangeError('history: needs --history-days, and the other way round')
  }
  const options: LogOptions = {
    seed: Number(values.seed),
    lines: Number(values.lines),
    newline: values.crlf ? '\r\n' : '\n',
    ...(values.profile === undefined ? {} : { profile: values.profile as ProfileName }),
    ...(values.format === undefined ? {} : { format: values.format as FormatName }),
    ...(values.start === undefined ? {} : { start: values.start }),
    ...(values.days === undefined ? {} : { days: Number(values.days) }),
    ...(values['history-days'] === undefined ? {} : { historyDays: Number(values['history-days']) }),
    ...(values.host === undefined ? {} : { hosts: values.host.map(hostSpec) }),
    ...(values.only === undefined ? {} : { only: list(values.only) }),
    ...(values.mix === undefined ? {} : { mix: Object.fromEntries(list(values.mix).map(weight)) }),
  }
  const { bytes, rows } = await writeLog(options, values.out ?? process.stdout, { truth: values.truth, history: values.history })
  if (values.out !== undefined) process.stderr.write(`${options.lines} lines, ${bytes} bytes, ${rows} rows of truth: ${values.out}\n`)
  return 0
}

function list(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(','))
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new RangeError(`expected NAME=VALUE, got ${text}`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function weight(text: string): [string, number] {
  const [kind, value] = pair(text)
  return [kind, Number(value)]
}

function hostSpec(text: string): HostSpec {
  const [name, sshd] = pair(text)
  if (!isVersion(sshd)) throw new RangeError(`host: expected one of ${sshdVersions.join(', ')} after the name, got ${sshd}`)
  return { name, sshd }
}

function isVersion(text: string): text is SshdVersion {
  return (sshdVersions as readonly string[]).includes(text)
}
