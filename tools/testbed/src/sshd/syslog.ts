import type { Datagram } from './sandbox.ts'

/** How a syslog daemon writes the lines: with RFC 3164 or RFC 3339 times, and as rsyslog does with RepeatedMsgReduction. */
export type SyslogForm = 'rfc3164' | 'rfc3339' | 'reduced'

export const HOST = 'bastion.example.org'
const LOCAL = /^<\d{1,3}>(?<time>[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}) (?<tag>[^:]+: )(?<text>.*)$/s

/** What a syslog daemon adds to the datagrams of syslog(3): the host, and an escape for control characters (`#012`). */
export function writeLog(datagrams: readonly Datagram[], form: SyslogForm): Buffer {
  const lines: string[] = []
  let last = ''
  let repeats = 0
  let header = ''
  let text = ''
  const flush = (): void => {
    if (repeats === 1) lines.push(`${header}${text}`)
    if (repeats > 1) lines.push(`${header}message repeated ${repeats} times: [ ${text}]`)
    repeats = 0
  }
  for (const datagram of datagrams) {
    const match = LOCAL.exec(datagram.text.replace(/[\0\n]+$/, ''))
    if (match === null) throw new Error(`not a datagram of syslog(3): ${JSON.stringify(datagram.text)}`)
    const { time = '', tag = '', text: said = '' } = match.groups!
    const stamp = form === 'rfc3339' ? new Date(datagram.at).toISOString().replace('Z', '+00:00') : time
    const escaped = said.replace(/[\x00-\x1f\x7f]/g, char => `#${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
    const same = form === 'reduced' && last === tag + escaped
    if (!same) flush()
    last = tag + escaped
    header = `${stamp} ${HOST} ${tag}`
    text = escaped
    if (same) repeats++
    else lines.push(`${header}${text}`)
  }
  flush()
  return Buffer.from(lines.map(line => `${line}\n`).join(''), 'latin1')
}
