import type { EntityKind } from '@logpipe/loggen'

/** When something said that an entity attacks, in the log's own time (ms since the epoch). */
export interface Hit {
  /** A detection, `score`, or a peer's rule. */
  readonly rule: string
  /** Of the line with which it could be said. */
  readonly atMs: number
  /** From when on the lines are that it is about; `atMs` where the rule does not tell. */
  readonly fromMs: number
}

/** An entity that is said to attack. A judge names each entity once. */
export interface Finding {
  readonly kind: EntityKind
  readonly entity: string
  /** Null: on any host. */
  readonly host: string | null
  readonly hits: readonly Hit[]
}

/** How suspicious an address on a host is, bigger being more. */
export interface Scored {
  readonly host: string
  readonly address: string
  readonly score: number
}

/** What a judge says of one log. Null: it does not say such a thing. */
export interface Opinion {
  readonly findings: readonly Finding[] | null
  readonly scores: readonly Scored[] | null
}
