import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { HostError } from '../errors.ts'

/**
 * A page in the user's browser must not reach the host: not by a name that was bound to 127.0.0.1 (DNS rebinding shows in Host), and
 * not from its own origin (CSRF shows in Origin). Only these texts are ours, nothing is parsed. Throws HOST_REQUEST_FOREIGN.
 */
export function checkOrigin({ headers }: IncomingMessage, port: number): void {
  const ours = ['127.0.0.1', 'localhost', '[::1]'].map((name) => (port === 80 ? name : `${name}:${port}`))
  const { host = '', origin } = headers
  if (!ours.includes(host.toLowerCase())) throw new HostError('HOST_REQUEST_FOREIGN', { header: 'Host', value: JSON.stringify(host) })
  const known = origin === undefined || ours.some((name) => origin === `http://${name}`)
  if (!known) throw new HostError('HOST_REQUEST_FOREIGN', { header: 'Origin', value: JSON.stringify(origin) })
}

/** Whether the request carries the key, in x-functions-key or ?code=. The comparison takes the same time for any wrong key. */
export function hasKey(request: IncomingMessage, url: URL, key: string): boolean {
  const given = request.headers['x-functions-key'] ?? url.searchParams.get('code')
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(key))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
