import type { Header } from './format.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Dec  9 06:55:46 web-1.example.org sshd[24200]: `. No year, whole seconds, day padded with a blank. */
export function rfc3164(): Header {
  let second = NaN
  let stamp = ''
  return (at, { host, program, pid }) => {
    const now = Math.floor(at / 1000)
    if (now !== second) {
      second = now
      const date = new Date(now * 1000)
      const day = String(date.getUTCDate()).padStart(2, ' ')
      stamp = `${months[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)} `
    }
    return `${stamp}${host.name} ${program}[${pid}]: `
  }
}
