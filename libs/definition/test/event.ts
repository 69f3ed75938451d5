import type { SilverEvent } from '@logpipe/core/silver'

const START_MS = Date.parse('2025-03-03T00:00:00Z')

/** ISO time so many seconds after the start of the sample day. */
export const at = (seconds: number): string => new Date(START_MS + seconds * 1000).toISOString()

/** A failed password as root from 192.0.2.7 on web-1, changed as asked. */
export function event(change: Partial<SilverEvent> = {}): SilverEvent {
  return {
    line_no: 1, time: at(0), year_inferred: false, host: 'web-1.example.org', program: 'sshd', pid: 100, event: 'login_failed',
    outcome: 'failure', attempt: 'auth_failed', user: 'root', user_valid: true, address: '192.0.2.7', address_raw: '192.0.2.7',
    address_from: 'line', user_from: 'line', rhost: null, port: 50022, method: 'password', fingerprint: null, protocol: 'ssh2', reason: null,
    session: null, repeat: 1, template_id: null, template: '', message: '', ...change,
  }
}

/** Events in line order: each gets the number of its place, from 1. */
export const numbered = (events: readonly SilverEvent[]): SilverEvent[] => events.map((one, i) => ({ ...one, line_no: i + 1 }))

/** So many events, `everySeconds` apart. */
export const series = (count: number, everySeconds: number, change: (i: number) => Partial<SilverEvent> = () => ({})): SilverEvent[] =>
  Array.from({ length: count }, (_, i) => event({ time: at(i * everySeconds), ...change(i) }))

/** Bronze lines for events: raw is the message. */
export const linesOf = (events: readonly SilverEvent[]): object[] =>
  events.map((one) => ({ source: 'bronze/sshd.log', line_no: one.line_no, byte_offset: 0, byte_length: 1, raw: one.message, flags: '' }))
