import type { Header } from './format.ts'
import { isoSeconds } from './iso-time.ts'

/** rsyslog's high-precision form: `2025-03-03T06:55:46.123000+00:00 web-1.example.org sshd[24200]: `. */
export function rfc3339(): Header {
  const seconds = isoSeconds()
  return (at, { host, program, pid }) => `${seconds(at)}.${String(at % 1000).padStart(3, '0')}000+00:00 ${host.name} ${program}[${pid}]: `
}
