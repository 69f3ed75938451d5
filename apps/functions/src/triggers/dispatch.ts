import { dequeue, giveBackTurns, readRecord, type RunStatus, takeTurn, TERMINAL, waitingRuns } from '@logpipe/core'
import type { DurableClient } from 'durable-functions'
import type { App } from '../compose.ts'
import { keepUnderWay } from './under-way.ts'

/**
 * Starts runs that wait, as many as there are turns. Called when a run is admitted and when one ends, and by the timer. A dispatcher that
 * died after it gave a turn has left the run in the queue: the next one starts it. Returns how many were started.
 */
export async function dispatch(app: App, client: DurableClient): Promise<number> {
  let started = 0
  for (;;) {
    const waiting = await waitingRuns(app.store)
    if (waiting.length === 0) return started
    const { running, taken } = await takeTurn(app.store, waiting, app.config.parallelRuns)
    const theirs = new Set(running.map(({ runId }) => runId))
    for (const { runId } of waiting.filter((run) => theirs.has(run.runId))) {
      const { status, trigger, source } = await readRecord(app.store, runId)
      if (TERMINAL.has(status)) await giveBackTurns(app.store, (id) => id === runId) // cancelled while it waited
      else if ((await keepUnderWay(app, client, runId)) === 'started') {
        started += 1
        app.log('info', 'run.started', { runId, trigger, source: source.name })
      }
      await dequeue(app.store, runId)
    }
    if (taken === null) return started
  }
}

/** Frees the turns of ended runs whose end did not get so far. */
export async function freeTurns(app: App, statuses: ReadonlyMap<string, string>): Promise<void> {
  await giveBackTurns(app.store, (runId) => TERMINAL.has(statuses.get(runId) as RunStatus))
}
