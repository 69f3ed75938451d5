import type { Knock, Mumble, Peer } from './wording.ts'

/** Stands in a text for the connection's process id, which is known only when it is written. */
export const pidMark = '\u{1}'

export function at({ address, port }: Peer): string {
  return `${address} port ${port}`
}

/** As sshd shows what a client sent: control characters as octal. */
export const mumbles: Readonly<Record<Mumble, string>> = {
  http: 'GET / HTTP/1.1',
  tls: '\\026\\003\\001\\002',
  rdp: '\\003',
  garbage: '\\377\\373\\037\\377\\373',
}

export function isMumble(how: Knock): how is Mumble {
  return how in mumbles
}

/** What the first four bytes of something that is no packet say as a number; another one each time. */
export function badLength({ port }: Peer): string {
  return `Bad packet length ${(port * 65_537 + 1_349_676_916) % 4_294_967_296}. [preauth]`
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function sha256Digest(type: string, bits: () => number): string {
  return `${type} SHA256:${Array.from({ length: 43 }, () => base64[bits() & 63]).join('')}`
}
