import { encode } from '../catalogue/bytes.ts'
import type { JsonBytes } from './json-bytes.ts'
import type { Waiting } from './link.ts'

const VALID_TRUE = encode(',"user_valid":true,"address":')
const VALID_FALSE = encode(',"user_valid":false,"address":')
const VALID_NULL = encode(',"user_valid":null,"address":')
const ADDRESS_RAW = encode(',"address_raw":')
const FROM = [null, 'line', 'session'].flatMap(address =>
  [null, 'line', 'session'].map(user => encode(`,"address_from":${JSON.stringify(address)},"user_from":${JSON.stringify(user)}`)),
)
/** Room for the constant parts. */
const FIXED = 160

/** Where an address or user came from, as an index: nowhere, the line, its session. */
export type Origin = 0 | 1 | 2

export function writeValid(out: JsonBytes, valid: boolean | null): void {
  out.raw(valid === null ? VALID_NULL : valid ? VALID_TRUE : VALID_FALSE)
}

export function writeAddressRaw(out: JsonBytes): void {
  out.raw(ADDRESS_RAW)
}

export function writeOrigins(out: JsonBytes, address: Origin, user: Origin): void {
  out.raw(FROM[address * 3 + user] as Uint8Array)
}

/** From the user's value to user_from, of an event that waited. */
export function writeClient(out: JsonBytes, { user, userValid, address, addressRaw, addressLinked, userLinked }: Waiting): void {
  out.reserve(FIXED + (user?.length ?? 0) + (address?.length ?? 0) + (addressRaw?.length ?? 0))
  out.json(user)
  writeValid(out, userValid)
  out.json(address)
  writeAddressRaw(out)
  out.json(addressRaw)
  writeOrigins(out, addressLinked ? 2 : addressRaw === null ? 0 : 1, userLinked ? 2 : user === null ? 0 : 1)
}

/** Writes `source[0 … limit)` with the client's part of each waiting event put into its gap. */
export function fillGaps(out: JsonBytes, source: Uint8Array, limit: number, gaps: readonly Waiting[]): void {
  let from = 0
  for (const gap of gaps) {
    out.reserve(gap.at - from)
    out.range(source, from, gap.at)
    writeClient(out, gap)
    from = gap.at
  }
  out.reserve(limit - from)
  out.range(source, from, limit)
}
