const OWN = 'window.logpipeOwned=1;alert(1)'

/** User names that an attacker may send: markup, scripts, URLs, escapes of terminals, bidi and formulas. None carries a line end. */
export const HOSTILE: readonly string[] = [
  `<script>${OWN}</script>`, `<img src=x onerror="${OWN}">`, `<svg onload="${OWN}">`, `"><script>${OWN}</script>`, `'-alert(1)-'`,
  `<iframe src="javascript:${OWN}">`, `<a href="javascript:${OWN}">x</a>`, `javascript:${OWN}`, `<style>@import'//evil.example.org'</style>`,
  `<link rel=stylesheet href=//evil.example.org>`, `<object data=//evil.example.org>`, `<base href=//evil.example.org>`, `<meta http-equiv=refresh content=0;url=//evil.example.org>`,
  '</title><b>', '<!--', '&lt;b&gt;', '${alert(1)}', '{{constructor.constructor("alert(1)")()}}', '__proto__', 'constructor',
  '\u001b[31mred\u001b[0m', '\u0007bell', '\u202egnp.exe', '\u2066hidden\u2069', '\u0085next', '=cmd|calc!A1', '+1+1', '@SUM(1)', 'a from 198.51.100.9 port 22 ssh2', '%00', '../../etc/passwd',
]

/** A log in which each of them is tried often enough to be found, each from an address of its own. */
export function hostileLog(): string {
  const lines: string[] = []
  const add = (second: number, message: string): void => {
    const time = new Date(Date.UTC(2026, 0, 5, 10) + second * 1000).toISOString()
    lines.push(`${time} web-1.example.org sshd[${1000 + lines.length}]: ${message}`)
  }
  HOSTILE.forEach((name, i) => {
    for (let n = 0; n < 12; n += 1) add(i * 60 + n, `Failed password for invalid user ${name} from 192.0.2.${i + 1} port ${40_000 + n} ssh2`)
    add(i * 60 + 20, `Accepted password for ${name} from 192.0.2.${i + 1} port 41000 ssh2`)
  })
  return `${lines.join('\n')}\n`
}
