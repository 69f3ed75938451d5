import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

const LIFE_MS = 12 * 3_600_000

/** Texts of any length in a time that tells nothing of where they differ. */
export function sameText(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * The dashboard's sign-in: a signed cookie that says only until when it holds, so that every replica with the same key knows it. It is
 * HttpOnly, so no script reads it, and SameSite=Strict, so no other site's page sends it.
 */
export class Sessions {
  readonly #secret: Buffer
  readonly #now: () => number

  constructor(key: string, now: () => number = Date.now) {
    this.#secret = Buffer.from(hkdfSync('sha256', key, '', 'logpipe dashboard session', 32))
    this.#now = now
  }

  #sign = (text: string): string => createHmac('sha256', this.#secret).update(text).digest('base64url')

  /** Cookies of a host are shared by its ports: the name tells two of them apart. */
  static cookieName = (host: string): string => `logpipe_${/:(\d+)$/.exec(host)?.[1] ?? 'session'}`

  issue(host: string, secure: boolean): string {
    const text = `${this.#now() + LIFE_MS}.${randomBytes(12).toString('base64url')}`
    return `${Sessions.cookieName(host)}=${text}.${this.#sign(text)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${LIFE_MS / 1000}${secure ? '; Secure' : ''}`
  }

  end = (host: string): string => `${Sessions.cookieName(host)}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`

  holds(host: string, cookies: string): boolean {
    const name = `${Sessions.cookieName(host)}=`
    const value = cookies.split(';').map((cookie) => cookie.trim()).find((cookie) => cookie.startsWith(name))?.slice(name.length) ?? ''
    const at = value.lastIndexOf('.')
    if (at < 0 || !sameText(value.slice(at + 1), this.#sign(value.slice(0, at)))) return false
    return Number(value.split('.')[0]) > this.#now()
  }
}
