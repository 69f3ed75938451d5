import type { Header } from './format.ts'
import { isoSeconds } from './iso-time.ts'

/** `<38>1 2025-03-03T06:55:46.123Z web-1.example.org sshd 24200 - - `: facility auth, severity info. */
export function rfc5424(): Header {
  const seconds = isoSeconds()
  return (at, { host, program, pid }) => `<38>1 ${seconds(at)}.${String(at % 1000).padStart(3, '0')}Z ${host.name} ${program} ${pid} - - `
}
