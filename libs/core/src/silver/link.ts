import { jsonString } from './json-bytes.ts'

/** How far, in lines, an address or a user reaches to lines of the same host and pid that have none. */
export const LINK_LINES = 1000

/** What a line says of its client by itself, as JSON strings in bytes of their own; null where it says nothing. */
export interface Known {
  address: Uint8Array | null
  addressRaw: Uint8Array | null
  user: Uint8Array | null
  userValid: boolean | null
}

/** An event that waits for a later line of its session; its place in the output is left open. */
export interface Waiting extends Known {
  readonly lineNo: number
  /** Where in the output its part belongs. */
  at: number
  lineStart: number
  addressLinked: boolean
  userLinked: boolean
}

/** The lines of one pid of one host, as far as linking needs them. */
export interface Session {
  /** The last line that said an address, and its text; the same again as JSON strings, the canonical one first. */
  addressLine: number
  addressText: Uint8Array
  address: Uint8Array
  addressRaw: Uint8Array
  userLine: number
  userText: Uint8Array
  user: Uint8Array
  userValid: boolean | null
  awaitAddress: Waiting[]
  awaitUser: Waiting[]
}

const NONE = new Uint8Array(0)
const NEVER = -1e15

/** Sessions by host and pid. Forgets those not seen for twice LINK_LINES, so its size is bounded. */
export class Sessions {
  #current = new Map<string, Map<number, Session>>()
  #before = new Map<string, Map<number, Session>>()
  #since = 1

  get(host: string, pid: number, lineNo: number): Session {
    if (lineNo - this.#since > LINK_LINES) {
      this.#before = lineNo - this.#since > 2 * LINK_LINES ? new Map<string, Map<number, Session>>() : this.#current
      this.#current = new Map()
      this.#since = lineNo
    }
    let pids = this.#current.get(host)
    if (pids === undefined) {
      pids = new Map()
      this.#current.set(host, pids)
    }
    let session = pids.get(pid)
    if (session === undefined) {
      session = this.#before.get(host)?.get(pid) ?? {
        addressLine: NEVER,
        addressText: NONE,
        address: NONE,
        addressRaw: NONE,
        userLine: NEVER,
        userText: NONE,
        user: NONE,
        userValid: null,
        awaitAddress: [],
        awaitUser: [],
      }
      pids.set(pid, session)
    }
    return session
  }
}

const equals = (known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean => {
  if (known.length !== end - start) return false
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}

/**
 * Keeps the address that line `lineNo` says, and gives it to the events that wait for one.
 * @param canonical null when bytes[start … end) is canonical.
 */
export function learnAddress(session: Session, lineNo: number, canonical: Uint8Array | null, bytes: Uint8Array, start: number, end: number): void {
  session.addressLine = lineNo
  if (!equals(session.addressText, bytes, start, end)) {
    session.addressText = bytes.slice(start, end)
    session.addressRaw = jsonString(bytes, start, end)
    session.address = canonical === null ? session.addressRaw : jsonString(canonical, 0, canonical.length)
  }
  if (session.awaitAddress.length === 0) return
  for (const waiting of session.awaitAddress) if (lineNo - waiting.lineNo <= LINK_LINES) takeAddress(session, waiting)
  session.awaitAddress.length = 0
}

/** As learnAddress, for a user. */
export function learnUser(session: Session, lineNo: number, bytes: Uint8Array, start: number, end: number, valid: boolean | null): void {
  session.userLine = lineNo
  session.userValid = valid
  if (!equals(session.userText, bytes, start, end)) {
    session.userText = bytes.slice(start, end)
    session.user = jsonString(bytes, start, end)
  }
  if (session.awaitUser.length === 0) return
  for (const waiting of session.awaitUser) if (lineNo - waiting.lineNo <= LINK_LINES) takeUser(session, waiting)
  session.awaitUser.length = 0
}

/** Whether an address (or user) said on one line reaches another behind it. */
export const reaches = (from: number, to: number): boolean => to - from <= LINK_LINES

/** Fills what the event lacks from the nearest earlier lines. */
export function linkEarlier(session: Session, event: Waiting): void {
  if (event.address === null && reaches(session.addressLine, event.lineNo)) takeAddress(session, event)
  if (event.user === null && reaches(session.userLine, event.lineNo)) takeUser(session, event)
}

/** Leaves what the event still lacks to later lines. */
export function wait(session: Session, event: Waiting): void {
  if (event.address === null) enqueue(session.awaitAddress, event)
  if (event.user === null) enqueue(session.awaitUser, event)
}

function takeAddress(session: Session, event: Waiting): void {
  event.address = session.address
  event.addressRaw ??= session.addressRaw
  event.addressLinked = true
}

function takeUser(session: Session, event: Waiting): void {
  event.user = session.user
  event.userValid ??= session.userValid
  event.userLinked = true
}

/** Drops those that wait in vain now and then, so that a session's list is bounded. */
function enqueue(list: Waiting[], event: Waiting): void {
  if (list.length >= 2 * LINK_LINES) {
    const alive = list.filter(other => event.lineNo - other.lineNo <= LINK_LINES)
    list.length = 0
    list.push(...alive)
  }
  list.push(event)
}
