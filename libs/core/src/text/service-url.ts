const LOOPBACK_HOST = /^(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?$/
const LOOPBACK_NAME = /^(127(\.\d+){3}|\[::1\]|localhost)$/
/** Cloud metadata services live here; also as IPv6 and IPv4 in IPv6. */
const LINK_LOCAL = /^(169\.254\.|\[fe[89ab]|\[::ffff:a9fe:)/

/** A host, with or without its port, that is this machine itself. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK_HOST.test(host)

/** Why a service that gets a secret may not be called there: `scheme` is neither https nor http on loopback. Null: it may. */
export function serviceUrlFault({ protocol, hostname }: URL): 'scheme' | 'link-local' | null {
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK_NAME.test(hostname))) return 'scheme'
  return LINK_LOCAL.test(hostname) ? 'link-local' : null
}

/** ms that a server asks to wait; null where its Retry-After is none, or a date. */
export function retryAfterMs({ headers }: Response): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null
}
