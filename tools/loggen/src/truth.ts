export type EntityKind = 'address' | 'subnet' | 'user' | 'host'

/**
 * What an entity is in a story. `subject`: whom a finding should name (attack) or must not name (no attack). `member`: takes part; naming
 * it is right, missing it is no miss. `target`: whose account is tried; naming it is neither right nor wrong.
 */
export type Role = 'subject' | 'member' | 'target'

export type Roles = Readonly<Partial<Record<EntityKind, Role>>>

/** What a session is part of. An actor may live through two: years of work, and one night of theft. */
export interface Story {
  readonly class: string
  readonly attack: boolean
  /** Kinds that are left out have no row. */
  readonly roles: Roles
}

/** One entity's part in one incident on one host, as it stands in the log: one line of the truth file. */
export interface Truth {
  /** The actor, e.g. `spraying/3`: an incident is found when any of its subjects is. */
  readonly incident: string
  readonly class: string
  readonly attack: boolean
  readonly role: Role
  readonly kind: EntityKind
  /** Address, subnet in CIDR, user name or host name. */
  readonly entity: string
  readonly host: string
  /** Times of the first and last line: UTC, whole seconds. */
  readonly start: string
  readonly end: string
  /** 1-based line numbers, of the lines of connections that the entity took part in. */
  readonly first_line: number
  readonly last_line: number
  /** Tries at a login = failures + successes; "message repeated N times" counts N. */
  readonly attempts: number
  readonly failures: number
  readonly successes: number
  /** The log ended before the entity's part did. */
  readonly cut: boolean
}

/** What a session tells of whom it is about. */
export interface Participants {
  readonly host: string
  /** Null when no line of the connection names it. */
  readonly address: string | null
  readonly subnet: string | null
  readonly user: string | null
  /** Null: the actor's own. */
  readonly story: Story | null
}

/** Collects an actor's truth from the lines that really were written, so that a log cut at its last line tells no lies. */
export class TruthTally {
  readonly incident: string
  readonly #story: Story
  readonly #rows = new Map<string, TruthRow>()

  constructor(incident: string, story: Story) {
    this.incident = incident
    this.#story = story
  }

  /** The rows that a session's lines belong to. */
  rowsOf(session: Participants): readonly TruthRow[] {
    const story = session.story ?? this.#story
    const rows: TruthRow[] = []
    for (const kind of entityKinds) {
      const role = story.roles[kind]
      const entity = session[kind]
      if (role !== undefined && entity !== null && entity !== '') rows.push(this.#row(story, role, kind, entity, session.host))
    }
    return rows
  }

  /** Rows that got a line, by first appearance. */
  result(): Truth[] {
    return [...this.#rows.values()].filter(({ firstLine }) => firstLine > 0).map((row) => row.result())
  }

  #row(story: Story, role: Role, kind: EntityKind, entity: string, host: string): TruthRow {
    const key = `${story.class} ${kind} ${host} ${entity}`
    let row = this.#rows.get(key)
    if (row === undefined) {
      row = new TruthRow({ incident: this.incident, class: story.class, attack: story.attack, role, kind, entity, host })
      this.#rows.set(key, row)
    }
    return row
  }
}

const entityKinds: readonly EntityKind[] = ['address', 'subnet', 'user', 'host']

export class TruthRow {
  readonly #who: Pick<Truth, 'incident' | 'class' | 'attack' | 'role' | 'kind' | 'entity' | 'host'>
  #failures = 0
  #successes = 0
  #start = 0
  #end = 0
  firstLine = 0
  cut = false
  #lastLine = 0

  constructor(who: Pick<Truth, 'incident' | 'class' | 'attack' | 'role' | 'kind' | 'entity' | 'host'>) {
    this.#who = who
  }

  line(lineNo: number, at: number, failures: number, successes: number): void {
    if (this.firstLine === 0) {
      this.firstLine = lineNo
      this.#start = at
    }
    this.#lastLine = lineNo
    this.#end = at
    this.#failures += failures
    this.#successes += successes
  }

  result(): Truth {
    return {
      ...this.#who,
      start: second(this.#start),
      end: second(this.#end),
      first_line: this.firstLine,
      last_line: this.#lastLine,
      attempts: this.#failures + this.#successes,
      failures: this.#failures,
      successes: this.#successes,
      cut: this.cut,
    }
  }
}

function second(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
