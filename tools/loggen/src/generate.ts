import type { Actor, Sink, Tag } from './actor.ts'
import { Arrivals } from './arrivals.ts'
import type { Header } from './formats/format.ts'
import { formats } from './formats/index.ts'
import type { LogOptions, SettledOptions } from './options.ts'
import { settle } from './options.ts'
import { scenarios } from './scenarios/index.ts'
import { Timeline } from './timeline.ts'
import type { Truth } from './truth.ts'
import { World } from './world.ts'

const chunkBytes = 256 * 1024

/** A log in time order; to be read as it is made. */
export interface Parts {
  /** The lines of the first `historyDays`, in chunks; none without. To be read before `log`, if at all. */
  readonly history: Iterable<Buffer>
  /** The other lines, in chunks of about 256 KiB, which split lines. */
  readonly log: Iterable<Buffer>
}

export interface Generated extends Parts {
  /** What is known so far; complete when `log` has been read to its end. Line numbers are those of `log`. */
  readonly truth: readonly Truth[]
}

/**
 * An OpenSSH log and the truth about it. The same options give the same bytes and rows. Memory is bounded by the actors alive at one time
 * and the rows, not by the size. Throws RangeError when the options are wrong.
 */
export function generate(options: LogOptions): Generated {
  const truth: Truth[] = []
  const onTruth = (row: Truth) => {
    truth.push(row)
    options.onTruth?.(row)
  }
  return { ...generateParts({ ...options, onTruth }), truth }
}

/** Like `generate`, with the truth going to `onTruth` only. */
export function generateParts(options: LogOptions): Parts {
  const chunks = write(settle(options))
  let next: IteratorResult<Chunk, void> | null = null
  function* part(isHistory: boolean): Generator<Buffer, void, undefined> {
    for (next ??= chunks.next(); next.done !== true && next.value.isHistory === isHistory; next = chunks.next()) yield next.value.bytes
  }
  const history = part(true)
  function* log(): Generator<Buffer, void, undefined> {
    for (let skipped = history.next(); skipped.done !== true; skipped = history.next());
    yield* part(false)
  }
  return { history, log: log() }
}

/** Like `generateParts`, all in one: history and log. */
export function generateLog(options: LogOptions): Generator<Buffer, void, undefined> {
  return bytesOf(write(settle(options)))
}

function* bytesOf(chunks: Iterable<Chunk>): Generator<Buffer, void, undefined> {
  for (const { bytes } of chunks) yield bytes
}

interface Chunk {
  readonly bytes: Buffer
  readonly isHistory: boolean
}

function* write(options: SettledOptions): Generator<Chunk, void, undefined> {
  const { seed, lines, startMs, spanMs, historyMs, hosts, documentationShare, onTruth } = options
  const timeline = new Timeline()
  const alive = new Set<Actor>()
  const log = new LogBuffer(options, (actor) => {
    alive.delete(actor)
    report(actor)
  })
  const world = new World(seed, hosts, documentationShare)
  const rehearsal = new World(seed, hosts, documentationShare)
  const setting = { seed, startMs, spanMs, historyMs, world, rehearsal, timeline, sink: log, born: (actor: Actor) => void alive.add(actor) }
  const streams = shares(options).map(({ scenario, share }) => {
    return { share, arrivals: new Arrivals(scenario, Math.max(1, share * lines), setting) }
  })
  const brief = streams.filter(({ arrivals }) => arrivals.brief)
  const extended = brief.length > 0 ? brief : streams

  for (const { arrivals } of streams) timeline.push(arrivals.begins, arrivals)
  while (log.written < lines) {
    if (timeline.size === 0) {
      const left = lines - log.written
      for (const { arrivals, share } of extended) timeline.push(arrivals.extend(share * left, log.lastAt, spanMs * (left / lines)), arrivals)
    }
    timeline.step()
    yield* log.takeFull()
  }
  yield* log.takeRest()
  for (const actor of alive) {
    actor.cut()
    report(actor)
  }

  function report(actor: Actor): void {
    for (const row of actor.tally.result()) onTruth(row)
  }
}

function shares({ mix }: SettledOptions) {
  const total = Object.values(mix).reduce((sum, weight) => sum + weight, 0)
  return scenarios.map((scenario) => ({ scenario, share: (mix[scenario.kind] ?? 0) / total })).filter(({ share }) => share > 0)
}

/** Numbers and encodes the lines, up to the number wanted. All text is ASCII, so a character is a byte. */
class LogBuffer implements Sink {
  readonly #header: Header
  readonly #newline: string
  readonly #lines: number
  readonly #historyEnd: number
  readonly #onLine: SettledOptions['onLine']
  readonly #full: Chunk[] = []
  readonly ended: (actor: Actor) => void
  #buffer = Buffer.allocUnsafeSlow(chunkBytes)
  #used = 0
  #inHistory: boolean
  written = 0
  lineNo = 0
  lastAt = 0

  constructor(options: SettledOptions, ended: (actor: Actor) => void) {
    this.#header = formats[options.format]()
    this.#newline = options.newline
    this.#lines = options.lines
    this.#historyEnd = options.startMs + options.historyMs
    this.#inHistory = options.historyMs > 0
    this.#onLine = options.onLine
    this.ended = ended
  }

  write(at: number, tag: Tag, text: string, incident: string): boolean {
    if (this.written >= this.#lines) return false
    if (this.#inHistory && at >= this.#historyEnd) {
      if (this.#used > 0) this.#turn()
      this.#inHistory = false
    }
    this.written++
    if (!this.#inHistory) this.lineNo++
    this.lastAt = at
    const line = this.#header(at, tag) + text + this.#newline
    if (this.#used + line.length > chunkBytes) this.#turn()
    this.#used += this.#buffer.write(line, this.#used, 'latin1')
    this.#onLine?.(incident)
    return true
  }

  *takeFull(): Generator<Chunk, void, undefined> {
    for (let chunk = this.#full.shift(); chunk !== undefined; chunk = this.#full.shift()) yield chunk
  }

  *takeRest(): Generator<Chunk, void, undefined> {
    if (this.#used > 0) this.#turn()
    yield* this.takeFull()
  }

  #turn(): void {
    this.#full.push({ bytes: this.#buffer.subarray(0, this.#used), isHistory: this.#inHistory })
    this.#buffer = Buffer.allocUnsafeSlow(chunkBytes)
    this.#used = 0
  }
}
