import type { Host } from '../hosts.ts'
import type { Random } from '../random.ts'
import { guess, maxTries } from '../sshd/guessing.ts'
import { Session } from '../sshd/session.ts'
import type { Account, Farewell } from '../sshd/wording.ts'
import type { Client } from '../world.ts'
import { connection } from '../world.ts'

/** The habits of a guessing program; they stay the same as long as it runs. */
export interface AttackTool {
  readonly triesPerConnection: number
  readonly farewell: Farewell
  /** Answers PAM's questions instead of sending passwords. */
  readonly asked?: boolean
}

export function attackTool(random: Random): AttackTool {
  return {
    triesPerConnection: random.pick([1, 1, 1, 2, 3, maxTries]),
    farewell: random.pick(['bye', 'bye', 'bye', 'closed', 'no_more_methods', 'jsch', 'reset']),
  }
}

/** One of more kinds, some of which keep to keyboard-interactive. */
export function variedTool(random: Random): AttackTool {
  return { ...attackTool(random), asked: random.chance(0.2) }
}

/** A machine on which such a program runs. */
export class Bot {
  readonly client: Client
  readonly random: Random
  readonly tool: AttackTool

  constructor(client: Client, random: Random, tool = attackTool(random)) {
    this.client = client
    this.random = random
    this.tool = tool
  }

  connect(host: Host, at: number): Session {
    return new Session(host, connection(this.client, this.random), this.random, at)
  }

  guess(host: Host, at: number, account: Account, tries = 1): Session {
    const { farewell, asked = false } = this.tool
    return guess(this.connect(host, at), { account, tries, farewell, asked, reverseName: this.client.reverseName })
  }
}
