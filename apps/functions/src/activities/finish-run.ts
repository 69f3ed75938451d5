import { giveBackTurns, type Manifest, places, readManifests, readRecord, type Report, type StageName, toJsonBytes, updateRecord, type WarningCode, WARNINGS } from '@logpipe/core'
import type { App } from '../compose.ts'
import type { FinishInput } from '../orchestrators/messages.ts'

function summarize(manifests: readonly Manifest[]): Report['summary'] {
  const count = (layer: string, name: string): number => manifests.find((manifest) => manifest.layer === layer)?.counts[name] ?? 0
  return {
    lines: count('bronze', 'lines'),
    parsed: count('silver', 'parsed'),
    quarantined: count('silver', 'quarantined'),
    failedLogins: count('silver', 'failed'),
    acceptedLogins: count('silver', 'accepted'),
    flagged: count('ml', 'flagged'),
  }
}

/** Writes the report, then the record's last status, and frees what the engine kept locally, and its turn. */
export async function finishRun(app: App, input: FinishInput): Promise<{ status: string }> {
  const { runId, status, endedAt, error, checks, services, duplicateOf } = input
  const [record, manifests] = await Promise.all([readRecord(app.store, runId), readManifests(app.store, input.manifests)])
  const ended = { ...record, status, endedAt, error, duplicateOf, stages: [...input.stages], manifests: [...input.manifests] }
  const codes = new Set([...(record.pinned?.warnings ?? []), ...input.stages.flatMap((stage) => stage.warnings)])
  const failed = (name: StageName): boolean => input.stages.some((stage) => stage.name === name && stage.status === 'failed')
  if (failed('learn')) codes.add('MODEL_NOT_UPDATED')
  if (failed('services')) codes.add('SERVICES_NOT_UPDATED')
  const report: Report = {
    ...ended,
    schema: 'logpipe/report/1',
    target: app.config.target,
    engine: record.engine ?? { name: app.engine.name, why: 'the run ended before it was chosen' },
    definition: { name: app.definition.name, version: app.definition.version, hash: app.definition.hash },
    contentSha256: manifests.find(({ layer }) => layer === 'bronze')?.contentSha256 ?? null,
    summary: summarize(manifests),
    checks,
    artifacts: manifests.flatMap((manifest) => manifest.parts),
    services,
    warnings: [...codes].map((code) => ({ code, text: WARNINGS[code as WarningCode] ?? code })),
  }
  await app.store.put(places.report(runId), toJsonBytes(report))
  await updateRecord(app.store, runId, () => ended)
  await app.engine.release(runId)
  await giveBackTurns(app.store, (ended) => ended === runId)
  app.log(error ? 'error' : 'info', 'run.ended', { runId, status, ...(error ? { code: error.code, cause: error.cause } : {}) })
  return { status }
}
