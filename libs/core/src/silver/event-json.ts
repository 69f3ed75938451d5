import { Constant, JsonBytes } from './json-bytes.ts'
import type { Moment } from './moment.ts'
import type { PendingEvent } from './pending.ts'
import type { Said } from './said.ts'

const LINE_NO = new Constant('{"line_no":')
const TIME = ',"time":"'
const NULL = new Constant('null')
const VALID_TRUE = new Constant(',"user_valid":true,"address":')
const VALID_FALSE = new Constant(',"user_valid":false,"address":')
const VALID_NULL = new Constant(',"user_valid":null,"address":')
const ADDRESS_RAW = new Constant(',"address_raw":')
/** Where the address and the user came from: nowhere, the line, its session; at 3 × address + user. */
const FROM = [null, 'line', 'session'].flatMap(address =>
  [null, 'line', 'session'].map(user => new Constant(`,"address_from":${JSON.stringify(address)},"user_from":${JSON.stringify(user)}`)),
)
const QUOTE = 0x22
const DOT = 0x2e
/** Room for the constant parts of an event besides its plan and its origin. */
const FIXED = 600

const sizeOf = (said: Said | null): number => said?.json.length ?? 0

/** Writes events of silver as JSON lines. */
export class EventJson {
  readonly #out = new JsonBytes(1 << 16)
  #moment: Moment | null = null
  readonly #timeHead = new Constant(`${TIME}YYYY-MM-DDThh:mm:`)

  /** What was written since the last call; valid until the next `write`. */
  take(): Uint8Array {
    return this.#out.take()
  }

  write(event: PendingEvent): void {
    const { plan, user, address, addressRaw } = event
    const out = this.#out
    // A byte of the line may be written three times, as six bytes each; what its session says is not of the line.
    out.reserve(FIXED + plan.size + event.origin.json.length + 18 * event.lineLength + sizeOf(user) + sizeOf(address) + sizeOf(addressRaw))
    out.put(LINE_NO)
    out.int(event.lineNo)
    this.#time(event)
    out.put(event.origin.json)
    if (event.pid < 0) out.put(NULL)
    else out.int(event.pid)
    out.put(plan.head)
    this.#said(user)
    out.put(event.userValid === null ? VALID_NULL : event.userValid ? VALID_TRUE : VALID_FALSE)
    this.#said(address)
    out.put(ADDRESS_RAW)
    this.#said(addressRaw)
    const addressFrom = event.addressLinked ? 2 : addressRaw === null ? 0 : 1
    const userFrom = event.userLinked ? 2 : user === null ? 0 : 1
    out.put(FROM[addressFrom * 3 + userFrom] as Constant)
    this.#tail(event)
  }

  #time({ moment, second, bytes, fractionStart, fractionEnd }: PendingEvent): void {
    const out = this.#out
    if (moment !== null && moment !== this.#moment) {
      this.#moment = moment
      this.#timeHead.bytes.set(moment.minute, TIME.length)
    }
    out.put(this.#timeHead)
    out.two(second)
    if (fractionEnd === fractionStart) return
    out.byte(DOT)
    out.plain(bytes, fractionStart, fractionEnd)
  }

  #said(said: Said | null): void {
    const out = this.#out
    if (said === null) return out.put(NULL)
    out.byte(QUOTE)
    out.plain(said.json, 0, said.json.length)
    out.byte(QUOTE)
  }

  /** From rhost to the end of the line. */
  #tail({ plan: { segments }, bytes, holes, repeat, messageStart, end }: PendingEvent): void {
    const out = this.#out
    for (let i = 0; i < segments.length; i++) {
      const { constant, value, hole } = segments[i] as (typeof segments)[number]
      out.put(constant)
      switch (value) {
        case 'string':
          out.text(bytes, holes[2 * hole] as number, holes[2 * hole + 1] as number)
          break
        case 'nullable':
          this.#nullable(bytes, holes[2 * hole] as number, holes[2 * hole + 1] as number)
          break
        case 'int':
          this.#int(bytes, holes[2 * hole] as number, holes[2 * hole + 1] as number)
          break
        case 'repeat':
          out.int(repeat)
          break
        case 'message':
          out.text(bytes, messageStart, end)
          break
        case 'end':
      }
    }
  }

  #nullable(bytes: Uint8Array, start: number, end: number): void {
    const out = this.#out
    if (end === start) return out.put(NULL)
    out.byte(QUOTE)
    out.text(bytes, start, end)
    out.byte(QUOTE)
  }

  /** Digits as they are, but for leading zeros, which JSON forbids. */
  #int(bytes: Uint8Array, start: number, end: number): void {
    let from = start
    while (from < end - 1 && bytes[from] === 0x30) from++
    this.#out.plain(bytes, from, end)
  }
}
