export type Label = 'attack' | 'benign'

/** What one actor did, as it stands in the log: one line of the truth file. */
export interface Truth {
  /** The scenario's kind, e.g. `fast_brute_force`. */
  readonly kind: string
  readonly label: Label
  /** In order of first use. */
  readonly addresses: readonly string[]
  /** Whose login was tried, in order of the first try. */
  readonly users: readonly string[]
  readonly host: string
  /** Times of the first and last line: UTC, whole seconds, as in the log (which leaves out the year). */
  readonly start: string
  readonly end: string
  /** Tries at a login = failures + successes; "message repeated N times" counts N. */
  readonly attempts: number
  readonly failures: number
  readonly successes: number
  /** 1-based line numbers. */
  readonly first_line: number
  readonly last_line: number
}

/** Collects an actor's truth from the lines that really were written, so that a log cut at its last line tells no lies. */
export class TruthTally {
  readonly #who: { kind: string; label: Label; host: string }
  readonly #addresses = new Set<string>()
  readonly #users = new Set<string>()
  #failures = 0
  #successes = 0
  #start = 0
  #end = 0
  #firstLine = 0
  #lastLine = 0

  constructor(kind: string, label: Label, host: string) {
    this.#who = { kind, label, host }
  }

  line(lineNo: number, at: number, address: string): void {
    if (this.#firstLine === 0) {
      this.#firstLine = lineNo
      this.#start = at
    }
    this.#lastLine = lineNo
    this.#end = at
    this.#addresses.add(address)
  }

  tries(user: string, failures: number, successes: number): void {
    this.#users.add(user)
    this.#failures += failures
    this.#successes += successes
  }

  /** Null when not one line was written. */
  result(): Truth | null {
    if (this.#firstLine === 0) return null
    const { kind, label, host } = this.#who
    return {
      kind,
      label,
      addresses: [...this.#addresses],
      users: [...this.#users],
      host,
      start: second(this.#start),
      end: second(this.#end),
      attempts: this.#failures + this.#successes,
      failures: this.#failures,
      successes: this.#successes,
      first_line: this.#firstLine,
      last_line: this.#lastLine,
    }
  }
}

function second(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
