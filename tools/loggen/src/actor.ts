import type { Host } from './hosts.ts'
import type { Line, Session } from './sshd/session.ts'
import { pidMark } from './sshd/texts.ts'
import type { Source, Timeline } from './timeline.ts'
import type { TruthRow, TruthTally } from './truth.ts'

/** Who writes a line: its host, program and process. */
export interface Tag {
  readonly host: Host
  readonly program: string
  readonly pid: number
}

/** Takes finished lines in time order and numbers them. */
export interface Sink {
  /** Writes one line; false when the log is full and the line was not taken. */
  write(at: number, tag: Tag, text: string, incident: string): boolean
  /** Number of the line written last, as the truth counts it: 0 while the history lasts. */
  readonly lineNo: number
  ended(actor: Actor): void
}

/** Opens an actor's sessions one after another and reports its end when the last of them has written its last line. */
export class Actor implements Source {
  readonly tally: TruthTally
  readonly #sessions: Iterator<Session>
  readonly #timeline: Timeline
  readonly #sink: Sink
  readonly #open = new Set<RunningSession>()
  #next: Session | null

  constructor(sessions: Iterable<Session>, tally: TruthTally, timeline: Timeline, sink: Sink) {
    this.tally = tally
    this.#sessions = sessions[Symbol.iterator]()
    this.#timeline = timeline
    this.#sink = sink
    this.#next = this.#pull()
  }

  /** When the first session begins; null when there is none. */
  get begins(): number | null {
    return this.#next?.begins ?? null
  }

  step(): number | null {
    const session = this.#next
    if (session === null) return null
    const running = new RunningSession(session, this, this.#sink)
    this.#open.add(running)
    this.#timeline.push(session.begins, running)
    this.#next = this.#pull()
    return this.begins
  }

  closed(session: RunningSession): void {
    this.#open.delete(session)
    if (this.#open.size === 0 && this.#next === null) this.#sink.ended(this)
  }

  /** The log is over: marks what is missing from it. */
  cut(): void {
    for (const { rows } of this.#open) for (const row of rows) row.cut = true
    for (; this.#next !== null; this.#next = this.#pull()) {
      for (const row of this.tally.rowsOf(this.#next.participants)) row.cut = true
    }
  }

  #pull(): Session | null {
    const result = this.#sessions.next()
    return result.done === true ? null : result.value
  }
}

/** A connection whose lines are being written as their times come. */
class RunningSession implements Source {
  readonly #session: Session
  readonly #actor: Actor
  readonly #sink: Sink
  readonly rows: readonly TruthRow[]
  readonly #tag: Tag
  readonly #userTag: Tag | null
  #done = 0

  constructor(session: Session, actor: Actor, sink: Sink) {
    const { host, lines, random } = session
    this.#session = session
    this.#actor = actor
    this.#sink = sink
    this.rows = actor.tally.rowsOf(session.participants)
    this.#tag = { host, program: session.program ?? host.program, pid: host.fork(random.int(0, 2)) }
    this.#userTag = lines.some(({ by }) => by === 'user') ? { ...this.#tag, pid: host.fork(1) } : null
  }

  /** Writes all lines of the moment at once: sshd does, and it spares the heap most of its work. */
  step(now: number): number | null {
    const { host, lines } = this.#session
    for (; this.#done < lines.length; this.#done++) {
      const line = lines[this.#done]!
      if (line.at > now) return line.at
      if (!this.#write(line)) return null
    }
    host.exit(this.#tag.pid)
    if (this.#userTag !== null) host.exit(this.#userTag.pid)
    this.#actor.closed(this)
    return null
  }

  #write({ at, text, by, failures, successes }: Line): boolean {
    const tag = by === 'connection' ? this.#tag : by === 'user' ? this.#userTag! : this.#session.host.listener
    const told = by === 'listener' ? text.replace(pidMark, String(this.#tag.pid)) : text
    if (!this.#sink.write(at, tag, told, this.#actor.tally.incident)) return false
    if (this.#sink.lineNo > 0) for (const row of this.rows) row.line(this.#sink.lineNo, at, failures, successes)
    return true
  }
}
