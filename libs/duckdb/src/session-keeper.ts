import { randomUUID } from 'node:crypto'
import { Session, type SessionLimits } from './session.ts'
import type { WorkFolder } from './work-folder.ts'

/**
 * Keeps the session of the run that last used one, because ml begins with the tables that gold ends with. One only: each holds memory. A
 * session that is in use, or whose work failed, is never handed on.
 */
export class SessionKeeper {
  readonly #limits: SessionLimits
  #kept: { readonly runId: string; readonly session: Session } | null = null

  constructor(limits: SessionLimits) {
    this.#limits = limits
  }

  /** @param lines How many lines the run's source has. */
  async use<T>(runId: string, folder: WorkFolder, lines: number, work: (session: Session) => Promise<T>): Promise<T> {
    const session = (await this.#take(runId)) ?? (await Session.open(folder.path, this.#limits, `spill-${randomUUID()}`, lines))
    let result: T
    try {
      result = await work(session)
    } catch (error) {
      await session.close()
      throw error
    }
    const before = this.#kept
    this.#kept = { runId, session }
    await before?.session.close()
    return result
  }

  async drop(runId: string): Promise<void> {
    if (this.#kept?.runId === runId) await (await this.#take(runId))?.close()
  }

  /** The kept session when it is this run's; another run's is closed, to free its memory. */
  async #take(runId: string): Promise<Session | null> {
    const kept = this.#kept
    this.#kept = null
    if (kept === null || kept.runId === runId) return kept?.session ?? null
    await kept.session.close()
    return null
  }
}
