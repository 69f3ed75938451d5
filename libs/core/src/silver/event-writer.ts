import { decode, encode } from '../catalogue/bytes.ts'
import { mask } from '../catalogue/mask.ts'
import { AddressReader } from './address-bytes.ts'
import { fillGaps, writeAddressRaw, writeOrigins, writeValid } from './client-json.ts'
import { JsonBytes, jsonString } from './json-bytes.ts'
import { learnAddress, learnUser, linkEarlier, LINK_LINES, reaches, type Session, Sessions, wait, type Waiting } from './link.ts'
import type { Moment } from './moment.ts'
import type { LineParser } from './parser.ts'
import { type EventPlan, eventPlan } from './plan.ts'

const LINE_NO = encode('{"line_no":')
const TIME = encode(',"time":"')
const INFERRED = encode('Z","year_inferred":true,"host":')
const GIVEN = encode('Z","year_inferred":false,"host":')
const PROGRAM = encode(',"program":')
const PID = encode(',"pid":')
const NULL = encode('null')
const QUOTE = 0x22

const WRAPPINGS = 45
/** Room for the constant parts of an event besides its plan. */
const FIXED = 600

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length)
  joined.set(a)
  joined.set(b, a.length)
  return joined
}

/** Writes events.json from what the parser found, and links events with their neighbours. */
export class EventWriter {
  unclassified = 0
  otherProgram = 0
  failed = 0
  accepted = 0
  readonly #parser: LineParser
  readonly #plans: (EventPlan | undefined)[]
  readonly #addresses = new AddressReader()
  readonly #sessions = new Sessions()
  readonly #out = new JsonBytes(1 << 16)
  readonly #filled = new JsonBytes(1 << 16)
  /** Events with a gap in the output, in line order. */
  #waiting: Waiting[] = []
  #moment: Moment | null = null
  #timeHead: Uint8Array = NULL

  constructor(parser: LineParser, messages: number) {
    this.#parser = parser
    this.#plans = new Array<EventPlan | undefined>(messages * WRAPPINGS)
  }

  /** Writes the event of the line just parsed, which is bytes[start … end). */
  write(bytes: Uint8Array, lineNo: number, start: number, end: number): void {
    const { tag } = this.#parser.header
    const plan = this.#plan(bytes, end)
    const out = this.#out
    const lineStart = out.at
    // A byte of the line may be written three times, as six bytes each.
    out.reserve(FIXED + plan.size + 18 * (end - start))
    out.raw(LINE_NO)
    out.int(lineNo)
    this.#header(bytes)
    if (tag.pid < 0) out.raw(NULL)
    else out.int(tag.pid)
    out.raw(plan.head)
    this.#client(plan, bytes, lineNo, lineStart)
    this.#tail(plan, bytes, end)
  }

  /** The whole lines that wait for nothing any more, now that all lines up to `lastLine` are known; valid until the next call. */
  take(lastLine: number): Uint8Array {
    const out = this.#out
    const open = this.#waiting.findIndex(({ address, user, lineNo }) => (address === null || user === null) && lastLine - lineNo < LINK_LINES)
    const done = open < 0 ? this.#waiting : this.#waiting.slice(0, open)
    const rest = open < 0 ? [] : this.#waiting.slice(open)
    const limit = rest[0]?.lineStart ?? out.at
    const filled = this.#filled
    filled.at = 0
    fillGaps(filled, out.buffer, limit, done)
    out.buffer.copyWithin(0, limit, out.at)
    out.at -= limit
    for (const waiting of rest) {
      waiting.at -= limit
      waiting.lineStart -= limit
    }
    this.#waiting = rest
    return filled.buffer.subarray(0, filled.at)
  }

  #plan(bytes: Uint8Array, end: number): EventPlan {
    const { header, classifier } = this.#parser
    if (!header.tag.isSshd) {
      this.otherProgram++
      return eventPlan({ message: null, event: 'other_program', template: mask(decode(bytes, header.messageStart, end)), repeats: false })
    }
    const { message, wrapper } = classifier
    if (message === null) {
      this.unclassified++
      return eventPlan({ message, event: 'unclassified', template: classifier.template(bytes), repeats: wrapper.levels > 0 })
    }
    if (message.attempt === 'auth_failed') this.failed += wrapper.repeat
    else if (message.attempt === 'auth_accepted') this.accepted += wrapper.repeat
    const at = message.index * WRAPPINGS + wrapper.key
    let plan = this.#plans[at]
    if (plan === undefined) {
      plan = eventPlan({ message, event: message.event, template: classifier.template(bytes), repeats: wrapper.levels > 0 })
      this.#plans[at] = plan
    }
    return plan
  }

  /** From the time to the pid. */
  #header(bytes: Uint8Array): void {
    const { header, origin, second } = this.#parser
    const out = this.#out
    if (header.moment !== this.#moment) {
      this.#moment = header.moment
      this.#timeHead = concat(TIME, header.moment?.minute ?? NULL)
    }
    out.raw(this.#timeHead)
    out.two(second)
    if (header.fractionEnd > header.fractionStart) {
      out.buffer[out.at++] = 0x2e
      out.plain(bytes, header.fractionStart, header.fractionEnd)
    }
    const inferred = header.moment?.yearInferred === true
    if (origin === null) return out.raw(this.#origin(bytes, inferred))
    const at = inferred ? 1 : 0
    out.raw((origin.derived[at] ??= this.#origin(bytes, inferred)))
  }

  /** From the end of the time to the pid. */
  #origin(bytes: Uint8Array, inferred: boolean): Uint8Array {
    const { hostStart, hostEnd, tag } = this.#parser.header
    const json = new JsonBytes(FIXED + 6 * Math.max(0, hostEnd - hostStart + tag.nameEnd - tag.nameStart))
    json.raw(inferred ? INFERRED : GIVEN)
    json.json(hostStart < 0 ? null : jsonString(bytes, hostStart, hostEnd))
    json.raw(PROGRAM)
    json.json(tag.nameStart < 0 ? null : jsonString(bytes, tag.nameStart, tag.nameEnd))
    json.raw(PID)
    return json.buffer.slice(0, json.at)
  }

  /** From the user's value to user_from: what the line says, what its session says, or a gap to be filled later. */
  #client(plan: EventPlan, bytes: Uint8Array, lineNo: number, lineStart: number): void {
    const { tag } = this.#parser.header
    const { starts, ends } = this.#parser.classifier.matcher
    const inMessage = plan.userHole >= 0
    const userBytes = inMessage ? bytes : plan.user
    const userStart = inMessage ? (starts[plan.userHole] as number) : 0
    const userEnd = inMessage ? (ends[plan.userHole] as number) : (plan.user?.length ?? 0)
    const rawStart = plan.addressHole < 0 ? 0 : (starts[plan.addressHole] as number)
    const rawEnd = plan.addressHole < 0 ? 0 : (ends[plan.addressHole] as number)
    const address = rawEnd > rawStart ? this.#addresses.read(bytes, rawStart, rawEnd) : null
    const session = tag.isSshd && tag.pid >= 0 && !plan.alone ? this.#session(bytes, lineNo) : null
    if (session !== null) {
      if (address !== null) learnAddress(session, lineNo, address === 'same' ? null : address, bytes, rawStart, rawEnd)
      if (userBytes !== null && userEnd > userStart) learnUser(session, lineNo, userBytes, userStart, userEnd, plan.userValid)
    }
    const nearAddress = address === null && session !== null && reaches(session.addressLine, lineNo)
    const nearUser = userBytes === null && session !== null && reaches(session.userLine, lineNo)
    const out = this.#out
    if (session === null || ((address !== null || nearAddress) && (userBytes !== null || nearUser))) {
      if (nearUser) out.raw(session.user)
      else this.#string(userBytes, userStart, userEnd)
      writeValid(out, plan.userValid ?? (nearUser ? session.userValid : null))
      if (nearAddress) out.raw(session.address)
      else if (address === 'same') this.#string(bytes, rawStart, rawEnd)
      else out.json(address === null ? null : jsonString(address, 0, address.length))
      writeAddressRaw(out)
      if (nearAddress && rawEnd === rawStart) out.raw(session.addressRaw)
      else this.#string(rawEnd > rawStart ? bytes : null, rawStart, rawEnd)
      writeOrigins(out, nearAddress ? 2 : rawEnd > rawStart ? 1 : 0, nearUser ? 2 : userBytes === null ? 0 : 1)
      return
    }
    const raw = rawEnd > rawStart ? jsonString(bytes, rawStart, rawEnd) : null
    const event: Waiting = {
      lineNo,
      at: out.at,
      lineStart,
      address: address === 'same' ? raw : address === null ? null : jsonString(address, 0, address.length),
      addressRaw: raw,
      user: userBytes === null ? null : jsonString(userBytes, userStart, userEnd),
      userValid: plan.userValid,
      addressLinked: false,
      userLinked: false,
    }
    linkEarlier(session, event)
    wait(session, event)
    this.#waiting.push(event)
  }

  #session(bytes: Uint8Array, lineNo: number): Session {
    const { header, origin } = this.#parser
    const host = origin?.hostName ?? (header.hostStart < 0 ? '' : decode(bytes, header.hostStart, header.hostEnd))
    return this.#sessions.get(host, header.tag.pid, lineNo)
  }

  #string(bytes: Uint8Array | null, start: number, end: number): void {
    const out = this.#out
    if (bytes === null) return out.raw(NULL)
    out.buffer[out.at++] = QUOTE
    out.text(bytes, start, end)
    out.buffer[out.at++] = QUOTE
  }

  /** From rhost to the end of the line. */
  #tail(plan: EventPlan, bytes: Uint8Array, end: number): void {
    const out = this.#out
    const { header, classifier } = this.#parser
    const { starts, ends } = classifier.matcher
    for (const { constant, value, hole } of plan.segments) {
      out.raw(constant)
      switch (value) {
        case 'string':
          out.text(bytes, starts[hole] as number, ends[hole] as number)
          break
        case 'nullable':
          this.#string((ends[hole] as number) > (starts[hole] as number) ? bytes : null, starts[hole] as number, ends[hole] as number)
          break
        case 'int':
          this.#int(bytes, starts[hole] as number, ends[hole] as number)
          break
        case 'repeat':
          out.int(classifier.wrapper.repeat)
          break
        case 'message':
          out.text(bytes, header.messageStart, end)
          break
        case 'end':
      }
    }
  }

  /** Digits as they are, but for leading zeros, which JSON forbids. */
  #int(bytes: Uint8Array, start: number, end: number): void {
    let from = start
    while (from < end - 1 && bytes[from] === 0x30) from++
    this.#out.plain(bytes, from, end)
  }
}
