import type { SourceRef } from '../ports.ts'

const hex = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Hex sha256 of a text's UTF-8 bytes. */
export async function sha256Text(text: string): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** The SDK writes `"0x8D…"`, Event Grid `0x8D…`, some proxies `W/"…"`: one form for all. */
export const normalizeEtag = (etag: string): string => etag.replace(/^W\//, '').replaceAll('"', '')

/** Readable and unique: the sanitised path plus 8 hex of its sha256. Safe as one segment of a blob name and in an instance id. */
export async function sourceSlug(name: string): Promise<string> {
  const readable = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 48)
  return `${readable || 'source'}-${(await sha256Text(name)).slice(0, 8)}`
}

/** The same version of the same file has the same key, whichever trigger saw it. */
export const eventKey = (account: string, source: SourceRef): Promise<string> =>
  sha256Text(`${account}/${source.container}/${source.name}${normalizeEtag(source.etag)}`)

export interface RunIdentity {
  readonly runId: string
  readonly slug: string
  readonly eventKey: string
}

/** Run id = durable instance id = `<slug>-<first 12 hex of the event key>`. */
export async function runIdentity(account: string, source: SourceRef): Promise<RunIdentity> {
  const [slug, key] = await Promise.all([sourceSlug(source.name), eventKey(account, source)])
  return { runId: `${slug}-${key.slice(0, 12)}`, slug, eventKey: key }
}
