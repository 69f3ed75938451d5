import { LogpipeError, readRecord } from '@logpipe/core'
import type { App } from '../compose.ts'
import type { StageDone, StageInput } from '../orchestrators/messages.ts'

/** Brings the services up and has them prove that they serve this run. */
export async function ensureServices(app: App, { runId }: StageInput, signal: AbortSignal): Promise<StageDone> {
  const { slug } = await readRecord(app.store, runId)
  const services = await app.services.ensure({ runId, slug }, signal)
  const failed = services.find((service) => service.state === 'failed')
  if (failed) throw new LogpipeError('SERVICES_FAILED', { service: failed.name, detail: failed.detail })
  return { counts: { serving: services.length }, warnings: [], services }
}
