import { type BlobRef, ERRORS, type ErrorCode, type LayerResult, type LayerTask, LogpipeError, ManifestPart, type ObjectStore, readDocument } from '@logpipe/core'
import { z } from 'zod'

const Fields = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))
const common = { version: z.literal(1), runId: z.string(), layer: z.string(), attempt: z.int(), definition: z.string() }
const Report = z.discriminatedUnion('ok', [
  z.object({ ...common, ok: z.literal(true), parts: z.array(ManifestPart), counts: z.record(z.string(), z.number()), warnings: z.array(z.string()), contentSha256: z.string().optional() }),
  z.object({ ...common, ok: z.literal(false), error: z.object({ code: z.string(), message: z.string(), fields: Fields.default({}) }) }),
])

/** Its last act: what the job says of its work. gold and ml share a folder, so it carries its layer's name. */
export const reportOf = ({ target, layer }: Pick<LayerTask, 'target' | 'layer'>): BlobRef => ({ container: target.container, name: `${target.prefix}_REPORT.${layer.name}.json` })

const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code)

/** An error by its code, where the catalogue has it. */
export const codedError = (code: string, fields: Readonly<Record<string, string | number | null>>): LogpipeError | null => (isCode(code) ? new LogpipeError(code, fields) : null)

/** The job's own report; null where there is none, or one that is not about this task. */
export async function readReport(store: ObjectStore, task: LayerTask, definition: string): Promise<{ result: LayerResult } | { error: LogpipeError } | null> {
  const found = await readDocument(store, reportOf(task), Report)
  if (!found) return null
  const { value } = found
  if (value.runId !== task.runId || value.layer !== task.layer.name || value.attempt !== task.attempt || value.definition !== definition) return null
  if (value.ok) {
    const { parts, counts, warnings, contentSha256 } = value
    return { result: { parts, counts, warnings, ...(contentSha256 === undefined ? {} : { contentSha256 }) } }
  }
  const { code, fields, message } = value.error
  return { error: codedError(code, fields) ?? new LogpipeError('STAGE_FAILED', { stage: task.layer.name, detail: message, log: 'the run on Databricks' }) }
}
