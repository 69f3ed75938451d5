import { readManifests } from '@logpipe/core'
import { checkRun } from '@logpipe/validation'
import type { App } from '../compose.ts'
import type { StageDone, StageInput } from '../orchestrators/messages.ts'

/** The last look before anything becomes visible. */
export async function validateRun(app: App, { manifests }: StageInput): Promise<StageDone> {
  const checks = await checkRun(app.store, app.definition, await readManifests(app.store, manifests))
  return { counts: { checks: checks.length }, warnings: [], checks }
}
