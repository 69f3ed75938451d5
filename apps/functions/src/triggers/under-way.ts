import { LogpipeError, readRecord, TERMINAL } from '@logpipe/core'
import type { DurableClient } from 'durable-functions'
import { finishRun } from '../activities/finish-run.ts'
import { sealedLayers } from '../activities/sealed-layers.ts'
import type { App } from '../compose.ts'
import { ORCHESTRATOR } from '../orchestrators/names.ts'

const ACTIVE: readonly string[] = ['Running', 'Pending', 'ContinuedAsNew', 'Suspended']

interface Orchestration {
  readonly runtimeStatus: string
  readonly output: unknown
}

/** Undefined where the runtime has no such orchestration: its state was lost, or it was never started. */
async function orchestrationOf(client: DurableClient, runId: string): Promise<Orchestration | undefined> {
  try {
    return await client.getStatus(runId)
  } catch {
    return undefined // the client answers an unknown instance with an error
  }
}

/** False also where the runtime knows no such run. */
export async function isUnderWay(client: DurableClient, runId: string): Promise<boolean> {
  const found = await orchestrationOf(client, runId)
  return found !== undefined && ACTIVE.includes(found.runtimeStatus)
}

/**
 * Sees to it that an admitted run goes on: starts its orchestration where the runtime has none; one that ended without ending its run (a
 * deployment took away the code it began with, or it broke) ends the run as failed, so that nothing hangs. Safe to call any number of times.
 */
export async function keepUnderWay(app: App, client: DurableClient, runId: string): Promise<'started' | 'under way' | 'failed'> {
  const found = await orchestrationOf(client, runId)
  if (found) return ACTIVE.includes(found.runtimeStatus) ? 'under way' : fail(app, runId, found)
  try {
    await client.startNew(ORCHESTRATOR, { instanceId: runId, input: { runId } })
    return 'started'
  } catch (error) {
    // Another trigger may have started it between the look and the start.
    if (await orchestrationOf(client, runId)) return 'under way'
    throw error
  }
}

async function fail(app: App, runId: string, { runtimeStatus, output }: Orchestration): Promise<'under way' | 'failed'> {
  // Read after the orchestration was seen to have ended: whatever it wrote last is in it.
  const record = await readRecord(app.store, runId)
  if (TERMINAL.has(record.status)) return 'under way'
  const error = new LogpipeError('ORCHESTRATION_ENDED', { runId, status: runtimeStatus, detail: String(output) }).toDocument()
  const endedAt = new Date(app.clock.now()).toISOString()
  await finishRun(app, { runId, status: 'failed', ...(await sealedLayers(app, record)), duplicateOf: null, checks: [], services: [], error, endedAt })
  return 'failed'
}
