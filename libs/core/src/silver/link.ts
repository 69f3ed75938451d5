import type { PendingEvent, PendingEvents } from './pending.ts'
import type { Said } from './said.ts'

/** How far, in lines, an address or a user reaches to lines of the same host and pid that have none. */
export const LINK_LINES = 1000

/** The lines of one pid of one host, as far as linking needs them. */
export interface Session {
  /** The last line that said an address, and what it said: canonical and as written. */
  addressLine: number
  address: Said | null
  addressRaw: Said | null
  userLine: number
  user: Said | null
  userValid: boolean | null
  /** Numbers of the pending events that wait for one. */
  readonly awaitAddress: number[]
  readonly awaitUser: number[]
}

const NEVER = -1e15

const newSession = (): Session => ({
  addressLine: NEVER,
  address: null,
  addressRaw: null,
  userLine: NEVER,
  user: null,
  userValid: null,
  awaitAddress: [],
  awaitUser: [],
})

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
      session = this.#before.get(host)?.get(pid) ?? newSession()
      pids.set(pid, session)
    }
    return session
  }
}

/** Whether an address (or user) said on one line reaches another behind it. */
const reaches = (from: number, to: number): boolean => to - from <= LINK_LINES

/** Gives what the event (the last of `events`) says to its session and to the events that wait, takes what it lacks, and leaves the rest open. */
export function link(session: Session, event: PendingEvent, events: PendingEvents): void {
  const { lineNo } = event
  if (event.address !== null) {
    session.addressLine = lineNo
    session.address = event.address
    session.addressRaw = event.addressRaw
    if (session.awaitAddress.length > 0) give(session.awaitAddress, session, lineNo, events, takeAddress)
  } else if (reaches(session.addressLine, lineNo)) takeAddress(session, event)
  else enqueue(session.awaitAddress, lineNo, events)
  if (event.user === null) {
    if (reaches(session.userLine, lineNo)) takeUser(session, event)
    else enqueue(session.awaitUser, lineNo, events)
  } else if (event.user.text.length > 0) {
    session.userLine = lineNo
    session.user = event.user
    session.userValid = event.userValid
    if (session.awaitUser.length > 0) give(session.awaitUser, session, lineNo, events, takeUser)
  }
}

function give(waiting: number[], session: Session, lineNo: number, events: PendingEvents, take: typeof takeUser): void {
  for (const number of waiting) {
    if (number < events.first) continue
    const event = events.at(number)
    if (reaches(event.lineNo, lineNo)) take(session, event)
  }
  waiting.length = 0
}

function takeAddress(session: Session, event: PendingEvent): void {
  event.address = session.address
  event.addressRaw ??= session.addressRaw
  event.addressLinked = true
}

function takeUser(session: Session, event: PendingEvent): void {
  event.user = session.user
  event.userValid ??= session.userValid
  event.userLinked = true
}

/** Puts the last event on the list. Drops those that wait in vain now and then, so that a session's list is bounded. */
function enqueue(list: number[], lineNo: number, events: PendingEvents): void {
  if (list.length >= 2 * LINK_LINES) {
    const alive = list.filter(number => number >= events.first && reaches(events.at(number).lineNo, lineNo))
    list.length = 0
    list.push(...alive)
  }
  list.push(events.next - 1)
}
