import type { SilverEvent } from '@logpipe/core/silver'
import type { Client } from './client.ts'
import type { Instance, InstanceName } from './instances.ts'
import type { KeyPair } from './keys.ts'
import type { Sandbox } from './sandbox.ts'
import type { SuiteKeys } from './suite-keys.ts'

/** One try at a login that sshd has to log as such. Address, port and protocol are those of the step's connection. */
export interface Try {
  readonly attempt: 'auth_failed' | 'auth_accepted'
  readonly method: string
  readonly user: string
  readonly user_valid: boolean
  readonly fingerprint?: string
  /** Which of the step's connections, from 0. */
  readonly connection?: number
}

/** So many events with these fields, no more and no fewer. */
export type Said = readonly [count: number, fields: Partial<SilverEvent>]

export interface Truth {
  readonly tries: readonly Try[]
  readonly said?: readonly Said[]
  /** Lines of processes that never name their connection, so that nobody can tell whose they are: so much the log itself lacks. */
  readonly adrift?: readonly RegExp[]
}

export interface StepContext {
  readonly client: Client
  readonly keys: SuiteKeys
  readonly sandbox: Sandbox
}

/** What is done, and what the log has to say of it. `truth` knows the script and sshd's documented behaviour, never the log. */
export interface Step {
  readonly name: string
  readonly on: readonly InstanceName[]
  /** The source address is ::1. */
  readonly ipv6?: boolean
  /** Runs alone, after all others on its instance. */
  readonly last?: boolean
  run(context: StepContext): Promise<void>
  truth(instance: Instance, keys: SuiteKeys, client: Client): Truth
}

const shown = (key?: KeyPair): Pick<Try, 'fingerprint'> => (key === undefined ? {} : { fingerprint: key.fingerprint })
export const failed = (method: string, user: string, user_valid = true, key?: KeyPair): Try => ({ attempt: 'auth_failed', method, user, user_valid, ...shown(key) })
export const accepted = (method: string, user: string, key?: KeyPair): Try => ({ attempt: 'auth_accepted', method, user, user_valid: true, ...shown(key) })
export const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)
