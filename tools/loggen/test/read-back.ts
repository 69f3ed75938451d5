import type { Truth } from '../src/index.ts'

/** One line as anyone could read it, knowing nothing of the generator. */
export interface ReadLine {
  readonly lineNo: number
  readonly time: string
  readonly host: string
  readonly pid: string
  readonly message: string
}

const header = /^(\w{3}) ([ \d]\d) (\d\d:\d\d:\d\d) (\S+) (?:sshd|sshd-session|CRON|sudo|systemd-logind)\[(\d+)\]: (.*)$/
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** Reads rfc3164 lines of one year; throws at the first that is none. */
export function readBack(text: string, year = 2025): ReadLine[] {
  return text.trimEnd().split('\n').map((line, index) => {
    const [, month, day, clock, host, pid, message] = header.exec(line) ?? []
    if (message === undefined) throw new Error(`line ${index + 1} has no header: ${line}`)
    const date = [year, String(months.indexOf(month!) / 3 + 1).padStart(2, '0'), day!.replace(' ', '0')].join('-')
    return { lineNo: index + 1, time: `${date}T${clock}Z`, host: host!, pid: pid!, message }
  })
}

const address = /(?<![\w.-])(?:\d+\.\d+\.\d+\.\d+|2001:db8:[0-9a-f:]*[0-9a-f])(?![\w-])/
/** PAM tells an address by its reverse name, which spells it. */
const reverseName = /host-(\d+)-(\d+)-(\d+)-(\d+)\.dsl\.example\.net/
const failure = /^(?:message repeated (\d+) times: \[ )?Failed \S+ for (?:invalid user )?.* from \S+ port \d+ ssh2(?:: \S+ \S+)?\]?$/
const success = /^Accepted \w+ for .* from \S+ port \d+ ssh2/

export type Counted = Pick<Truth, 'host' | 'start' | 'end' | 'first_line' | 'last_line' | 'attempts' | 'failures' | 'successes'>

/** Counts each address's lines and tries out of the text alone. A line without an address goes with its neighbours of the same process. */
export function countByAddress(lines: readonly ReadLine[]): Map<string, Counted> {
  const owners = ownersOf(lines)
  const counts = new Map<string, Counted>()
  lines.forEach((line, index) => {
    const owner = owners[index]!
    const fail = failure.exec(line.message)
    const ok = success.exec(line.message)
    const before = counts.get(owner)
    const failures = (before?.failures ?? 0) + (fail === null ? 0 : Number(fail[1] ?? 1))
    const successes = (before?.successes ?? 0) + (ok === null ? 0 : 1)
    counts.set(owner, {
      host: line.host,
      start: before?.start ?? line.time,
      end: line.time,
      first_line: before?.first_line ?? line.lineNo,
      last_line: line.lineNo,
      attempts: failures + successes,
      failures,
      successes,
    })
  })
  return counts
}

function ownersOf(lines: readonly ReadLine[]): string[] {
  const owners = lines.map(({ message }) => address.exec(message)?.[0] ?? reverseName.exec(message)?.slice(1).join('.'))
  const fill = (order: readonly number[]) => {
    const lastOf = new Map<string, string>()
    for (const index of order) {
      const process = `${lines[index]!.host} ${lines[index]!.pid}`
      const owner = owners[index] ?? lastOf.get(process)
      if (owner === undefined) continue
      owners[index] = owner
      lastOf.set(process, owner)
    }
  }
  const forward = [...lines.keys()]
  fill(forward)
  // `kex_exchange_identification` comes before the line that names the peer.
  fill(forward.reverse())
  return owners.map((owner, index) => owner ?? `nobody: line ${index + 1}`)
}
