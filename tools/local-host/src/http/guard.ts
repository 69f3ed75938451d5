import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { HostError } from '../errors.ts'

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * A page in the user's browser must not reach the host: not by a name that was bound to 127.0.0.1 (DNS rebinding shows in Host), and
 * not from its own origin (CSRF shows in Origin). Throws HOST_REQUEST_FOREIGN.
 */
export function checkOrigin(request: IncomingMessage, port: number): void {
  const { host = '', origin } = request.headers
  if (!isOurs(`http://${host}`, port)) throw new HostError('HOST_REQUEST_FOREIGN', { header: 'Host', value: JSON.stringify(host) })
  if (origin !== undefined && !isOurs(origin, port)) throw new HostError('HOST_REQUEST_FOREIGN', { header: 'Origin', value: JSON.stringify(origin) })
}

function isOurs(text: string, port: number): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'http:' && loopback.has(url.hostname) && Number(url.port || 80) === port
}

/** Whether the request carries the key, in x-functions-key or ?code=. The comparison takes the same time for any wrong key. */
export function hasKey(request: IncomingMessage, url: URL, key: string): boolean {
  const given = request.headers['x-functions-key'] ?? url.searchParams.get('code')
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(key))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
