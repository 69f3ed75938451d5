import { decode } from '../catalogue/bytes.ts'
import { mask } from '../catalogue/mask.ts'
import { AddressReader } from './address-bytes.ts'
import { EventColumns, type EventRows } from './event-columns.ts'
import { EventJson } from './event-json.ts'
import { link, LINK_LINES, type Session, Sessions } from './link.ts'
import { LineStore } from './line-store.ts'
import { eventOrigin, type EventOrigin } from './origin.ts'
import type { LineParser } from './parser.ts'
import { type PendingEvent, PendingEvents } from './pending.ts'
import { type EventPlan, eventPlan } from './plan.ts'
import { equals, SaidCache } from './said.ts'

const WRAPPINGS = 45

/** Links events with their neighbours and puts each out, in line order, once nothing can be added to it any more. */
export class EventWriter {
  unclassified = 0
  otherProgram = 0
  failed = 0
  accepted = 0
  readonly #parser: LineParser
  readonly #plans: (EventPlan | undefined)[]
  readonly #addresses: AddressReader
  readonly #users = new SaidCache()
  readonly #sessions = new Sessions()
  readonly #events: PendingEvents
  readonly #lines = new LineStore()
  readonly #json = new EventJson()
  readonly #columns: EventColumns | null

  constructor(parser: LineParser, messages: number, columns?: (rows: EventRows) => void) {
    const addresses = new SaidCache()
    this.#parser = parser
    this.#plans = new Array<EventPlan | undefined>(messages * WRAPPINGS)
    this.#addresses = new AddressReader(addresses)
    this.#events = new PendingEvents(parser.classifier.matcher.starts.length)
    this.#columns = columns === undefined ? null : new EventColumns(addresses, columns)
  }

  /** Takes the event of the line just parsed, which is bytes[start … end). */
  add(bytes: Uint8Array, lineNo: number, start: number, end: number): void {
    const { header, second, classifier } = this.#parser
    const { tag } = header
    const plan = this.#plan(bytes, end)
    const lines = this.#lines
    lines.put(bytes, start, end, this.#events.next, this.#events.first)
    const shift = lines.at - start
    const event = this.#events.add()
    event.lineNo = lineNo
    event.bytes = lines.bytes
    event.messageStart = header.messageStart + shift
    event.end = end + shift
    event.lineLength = end - start
    event.moment = header.moment
    event.second = second
    event.fractionStart = header.fractionStart + shift
    event.fractionEnd = header.fractionEnd + shift
    event.origin = this.#origin(bytes)
    event.pid = tag.pid
    event.plan = plan
    event.repeat = tag.isSshd ? classifier.wrapper.repeat : 1
    const { starts, ends } = classifier.matcher
    for (let i = 0; i < plan.holes; i++) {
      event.holes[2 * i] = (starts[i] as number) + shift
      event.holes[2 * i + 1] = (ends[i] as number) + shift
    }
    event.linked = tag.isSshd && tag.pid >= 0 && !plan.alone
    const session = event.linked ? this.#sessions.get(event.origin.hostName, tag.pid, lineNo) : null
    this.#client(event, session)
    if (session !== null) link(session, event, this.#events)
  }

  /** Puts out what waits for nothing any more, now that all lines up to `lastLine` are known; the bytes are valid until the next call. */
  take(lastLine: number): Uint8Array {
    const events = this.#events
    for (; events.first < events.next; events.first++) {
      const event = events.at(events.first)
      if (event.open && lastLine - event.lineNo < LINK_LINES) break
      this.#json.write(event)
      this.#columns?.add(event)
    }
    if (lastLine === Number.POSITIVE_INFINITY) this.#columns?.flush()
    return this.#json.take()
  }

  #plan(bytes: Uint8Array, end: number): EventPlan {
    const { header, classifier } = this.#parser
    if (!header.tag.isSshd) {
      this.otherProgram++
      return eventPlan({ message: null, event: 'other_program', outcome: 'none', template: mask(decode(bytes, header.messageStart, end)), repeats: false })
    }
    const { message, wrapper } = classifier
    if (message === null) {
      this.unclassified++
      return eventPlan({ message, event: 'unclassified', outcome: 'none', template: classifier.template(bytes), repeats: wrapper.levels > 0 })
    }
    if (message.attempt === 'auth_failed') this.failed += wrapper.repeat
    else if (message.attempt === 'auth_accepted') this.accepted += wrapper.repeat
    const at = message.index * WRAPPINGS + wrapper.key
    let plan = this.#plans[at]
    if (plan === undefined) {
      plan = eventPlan({ message, event: message.event, outcome: classifier.outcome, template: classifier.template(bytes), repeats: wrapper.levels > 0 })
      this.#plans[at] = plan
    }
    return plan
  }

  #origin(bytes: Uint8Array): EventOrigin {
    const { header, origin } = this.#parser
    if (origin === null) return eventOrigin(bytes, header)
    return (origin.derived[header.moment?.yearInferred === true ? 1 : 0] ??= eventOrigin(bytes, header))
  }

  /** What the line itself says of its client. What its session said last is not made again. */
  #client(event: PendingEvent, session: Session | null): void {
    const { plan, bytes, holes } = event
    event.addressLinked = event.userLinked = false
    event.userValid = plan.userValid
    event.user = plan.user
    if (plan.userHole >= 0) {
      const start = holes[2 * plan.userHole] as number
      const end = holes[2 * plan.userHole + 1] as number
      const known = session?.user ?? null
      event.user = known !== null && equals(known.text, bytes, start, end) ? known : this.#users.get(bytes, start, end)
    }
    event.address = event.addressRaw = null
    if (plan.addressHole < 0) return
    const start = holes[2 * plan.addressHole] as number
    const end = holes[2 * plan.addressHole + 1] as number
    if (start === end) return
    if (session !== null && session.addressRaw !== null && equals(session.addressRaw.text, bytes, start, end)) {
      event.addressRaw = session.addressRaw
      event.address = session.address
      return
    }
    event.addressRaw = this.#addresses.said(bytes, start, end)
    event.address = this.#addresses.canonical(event.addressRaw)
  }
}
