import { canonicalAddress } from '../silver/address.ts'
import type { Classifier } from './classify.ts'

/** What a message itself says, before any linking with its neighbours. Names as in silver. */
export interface MessageFields {
  user: string | null
  user_valid: boolean | null
  address: string | null
  address_raw: string | null
  rhost: string | null
  port: number | null
  method: string | null
  fingerprint: string | null
  protocol: string | null
  reason: string | null
  session: string | null
}

const orNull = (text: string | null): string | null => (text === '' ? null : text)

/** The fields of the message just classified. An empty user is a user; any other empty text is none. */
export function messageFields(classifier: Classifier, bytes: Uint8Array): MessageFields {
  const set = classifier.message?.set ?? {}
  const rhost = orNull(classifier.hole(bytes, 'rhost'))
  const address_raw = orNull(classifier.hole(bytes, 'address') ?? rhost)
  const port = classifier.hole(bytes, 'port')
  return {
    user: classifier.hole(bytes, 'user') ?? set.user ?? null,
    user_valid: set.user_valid ?? null,
    address: address_raw === null ? null : canonicalAddress(address_raw),
    address_raw,
    rhost,
    port: orNull(port) === null ? null : Number(port),
    method: orNull(classifier.hole(bytes, 'method')) ?? set.method ?? null,
    fingerprint: orNull(classifier.hole(bytes, 'fingerprint')) ?? set.fingerprint ?? null,
    protocol: orNull(classifier.hole(bytes, 'protocol')) ?? set.protocol ?? null,
    reason: orNull(classifier.hole(bytes, 'reason')) ?? set.reason ?? null,
    session: orNull(classifier.hole(bytes, 'session')) ?? set.session ?? null,
  }
}
