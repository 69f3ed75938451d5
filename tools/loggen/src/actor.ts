import type { Host } from './hosts.ts'
import type { Session } from './sshd/session.ts'
import type { Line } from './sshd/session.ts'
import type { Source, Timeline } from './timeline.ts'
import type { TruthTally } from './truth.ts'

/** Takes finished lines in time order and numbers them. */
export interface Sink {
  /** Writes one line; false when the log is full and the line was not taken. */
  write(at: number, host: Host, pid: number, text: string): boolean
  /** Number of the line written last. */
  readonly lineNo: number
  ended(actor: Actor): void
}

/** Opens an actor's sessions one after another and reports its end when the last of them has written its last line. */
export class Actor implements Source {
  readonly tally: TruthTally
  readonly #sessions: Iterator<Session>
  readonly #timeline: Timeline
  readonly #sink: Sink
  #next: Session | null
  #open = 0

  constructor(sessions: Iterable<Session>, tally: TruthTally, timeline: Timeline, sink: Sink) {
    this.tally = tally
    this.#sessions = sessions[Symbol.iterator]()
    this.#timeline = timeline
    this.#sink = sink
    this.#next = this.#pull()
  }

  /** When the first session begins; null when there is none. */
  get begins(): number | null {
    return this.#next?.lines[0]?.at ?? null
  }

  step(): number | null {
    const session = this.#next
    if (session === null) return null
    this.#open++
    const running = new RunningSession(session, this, this.#sink)
    this.#timeline.push(session.lines[0]!.at, running)
    this.#next = this.#pull()
    return this.begins
  }

  closed(): void {
    if (--this.#open === 0 && this.#next === null) this.#sink.ended(this)
  }

  #pull(): Session | null {
    const result = this.#sessions.next()
    return result.done === true ? null : result.value
  }
}

/** A connection whose lines are being written as their times come. */
class RunningSession implements Source {
  readonly #session: Session
  readonly #lines: readonly Line[]
  readonly #actor: Actor
  readonly #sink: Sink
  readonly #pid: number
  readonly #childPid: number | null
  #done = 0

  constructor(session: Session, actor: Actor, sink: Sink) {
    const { host, lines, random } = session
    this.#session = session
    this.#lines = lines
    this.#actor = actor
    this.#sink = sink
    this.#pid = host.fork(random.int(0, 2))
    this.#childPid = lines.some((line) => line.byChild) ? host.fork(1) : null
  }

  /** Writes all lines of the moment at once: sshd does, and it spares the heap most of its work. */
  step(now: number): number | null {
    const { host, peer } = this.#session
    const { tally } = this.#actor
    for (; this.#done < this.#lines.length; this.#done++) {
      const line = this.#lines[this.#done]!
      if (line.at > now) return line.at
      if (!this.#sink.write(line.at, host, line.byChild ? this.#childPid! : this.#pid, line.text)) return null
      tally.line(this.#sink.lineNo, line.at, peer.address)
      if (line.tries !== null) tally.tries(line.tries.user, line.tries.failures, line.tries.successes)
    }
    host.exit(this.#pid)
    if (this.#childPid !== null) host.exit(this.#childPid)
    this.#actor.closed()
    return null
  }
}
