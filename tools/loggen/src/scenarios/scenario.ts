import type { Random } from '../random.ts'
import type { Session } from '../sshd/session.ts'
import type { Roles, Story } from '../truth.ts'
import type { World } from '../world.ts'

/** A way of behaving towards sshd. To add one: a file here, and its line in index.ts. */
export interface Scenario {
  /** The class in the truth file; its name in `mix` and `only`. */
  readonly kind: string
  /** Whether an analyst should be told of each actor, or a finding about it is a false alarm. */
  readonly attack: boolean
  /** Which entities the truth names, and as what. */
  readonly roles: Roles
  /** Weight in the profile `full`, as a share of lines. */
  readonly weight: number
  /** Spans below this are too short for the story to be told. */
  readonly needsDays?: number
  /** The longest time from an actor's first line to its last, in ms; actors begin early enough to end within the log's span. */
  longestLife(spanMs: number): number
  plan(scene: Scene): Plan
}

/** What a scenario is given to plan one actor. */
export interface Scene {
  readonly world: World
  /** The actor's own stream of chance. */
  readonly random: Random
  /** When it appears, ms since the epoch. */
  readonly at: number
  readonly spanMs: number
  /** When the log should end. */
  readonly endMs: number
  /** When the history is over, of which nothing is judged; the log's start where there is none. */
  readonly historyEndMs: number
  /** Lines that all actors of the kind share in the log. A small log wants small actors. */
  readonly budget: number
}

export interface Plan {
  /** About how many lines it will write. Paces the arrivals; being wrong shifts times, never counts. */
  readonly expectedLines: number
  /** Connections in order of their beginning. Pulled one at a time, when the log has got to the one before. */
  readonly sessions: Iterable<Session>
}

/** Ordinary life: a finding about this address or this user is a false alarm. */
export const ordinary: Roles = { address: 'subject', user: 'subject' }

/** One address behind it all, and the accounts it tries. */
export const oneAddress: Roles = { address: 'subject', user: 'target' }

/** What somebody does before his story begins. */
export const before: Story = { class: 'legitimate', attack: false, roles: ordinary }

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
