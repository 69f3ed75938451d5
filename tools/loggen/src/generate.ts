import type { Actor, Sink } from './actor.ts'
import { Arrivals } from './arrivals.ts'
import type { Header } from './formats/format.ts'
import { formats } from './formats/index.ts'
import type { Host } from './hosts.ts'
import type { LogOptions, SettledOptions } from './options.ts'
import { settle } from './options.ts'
import { scenarios } from './scenarios/index.ts'
import { Timeline } from './timeline.ts'
import { World } from './world.ts'

const chunkBytes = 256 * 1024

/**
 * Writes an OpenSSH log in time order, chunk by chunk (about 256 KiB; chunks split lines). Memory is bounded by the actors alive at one
 * time, not by the size. Throws RangeError when the options are wrong, before the first chunk.
 */
export function generateLog(options: LogOptions): Generator<Buffer, void, undefined> {
  return generate(settle(options))
}

function* generate(options: SettledOptions): Generator<Buffer, void, undefined> {
  const { seed, lines, startMs, spanMs, hosts, onTruth } = options
  const timeline = new Timeline()
  const alive = new Set<Actor>()
  const log = new LogBuffer(options, (actor) => {
    alive.delete(actor)
    report(actor)
  })
  const world = new World(seed, hosts)
  const setting = { seed, startMs, spanMs, world, timeline, sink: log, born: (actor: Actor) => void alive.add(actor) }
  const streams = shares(options).map(({ scenario, share }) => ({ share, arrivals: new Arrivals(scenario, Math.max(1, share * lines), setting) }))

  for (const { arrivals } of streams) timeline.push(arrivals.begins, arrivals)
  while (log.lineNo < lines) {
    if (timeline.size === 0) {
      for (const { arrivals, share } of streams) timeline.push(arrivals.extend(share * (lines - log.lineNo), log.lastAt), arrivals)
    }
    timeline.step()
    yield* log.takeFull()
  }
  yield* log.takeRest()
  for (const actor of alive) report(actor)

  function report(actor: Actor): void {
    const truth = actor.tally.result()
    if (truth !== null) onTruth(truth)
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
  readonly #full: Buffer[] = []
  readonly ended: (actor: Actor) => void
  #buffer = Buffer.allocUnsafeSlow(chunkBytes)
  #used = 0
  lineNo = 0
  lastAt = 0

  constructor(options: SettledOptions, ended: (actor: Actor) => void) {
    this.#header = formats[options.format]()
    this.#newline = options.newline
    this.#lines = options.lines
    this.ended = ended
  }

  write(at: number, host: Host, pid: number, text: string): boolean {
    if (this.lineNo >= this.#lines) return false
    this.lineNo++
    this.lastAt = at
    const line = this.#header(at, host, pid) + text + this.#newline
    if (this.#used + line.length > chunkBytes) this.#turn()
    this.#used += this.#buffer.write(line, this.#used, 'latin1')
    return true
  }

  *takeFull(): Generator<Buffer, void, undefined> {
    for (let chunk = this.#full.shift(); chunk !== undefined; chunk = this.#full.shift()) yield chunk
  }

  *takeRest(): Generator<Buffer, void, undefined> {
    if (this.#used > 0) this.#turn()
    yield* this.takeFull()
  }

  #turn(): void {
    this.#full.push(this.#buffer.subarray(0, this.#used))
    this.#buffer = Buffer.allocUnsafeSlow(chunkBytes)
    this.#used = 0
  }
}
