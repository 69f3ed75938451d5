import type { Header } from './format.ts'
import { isoSeconds } from './iso-time.ts'

/** `journalctl -o short-iso`: `2025-03-03T06:55:46+0000 web-1.example.org sshd[24200]: `. */
export function journald(): Header {
  const seconds = isoSeconds()
  return (at, { host, program, pid }) => `${seconds(at)}+0000 ${host.name} ${program}[${pid}]: `
}
