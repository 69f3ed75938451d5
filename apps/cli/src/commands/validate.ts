import { writeFile } from 'node:fs/promises'
import { latestPointer, LogpipeError, type Manifest, type ObjectStore, places, readDocument, readManifest, readRecord, Report, type RunRecord, safeText } from '@logpipe/core'
import { loadDefinition } from '@logpipe/definition'
import { featuresOf, readModel } from '@logpipe/ml'
import { type Finding, inspectRun, look, toJunit, toMarkdown } from '@logpipe/validation'
import { print, printJson, style, tell } from '../output.ts'
import { withTarget } from '../target/with-target.ts'

interface Options {
  readonly json: boolean
  readonly junit?: string
  readonly markdown?: string
}

/** Validation is exit code 4 in every command. */
const NOT_VALID = 4

/** `logpipe validate [RUN]`: the published results of a run, read back from storage and counted again; ends with 4 when a check failed. */
export async function validate(wanted: string | undefined, { json, junit, markdown }: Options): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const runId = wanted ?? (await latestPointer(store))?.runId
    if (runId === undefined) throw new LogpipeError('RUN_NOT_FOUND', { runId: '(nothing is published yet)' })
    const record = await readRecord(store, runId)
    if (!['succeeded', 'degraded', 'duplicate'].includes(record.status)) throw new LogpipeError('RUN_WITHOUT_RESULTS', { runId, status: record.status })
    const findings: Finding[] = []
    for await (const finding of examine(store, record)) findings.push(finding)
    const failed = findings.filter(({ error }) => error !== null)

    if (junit !== undefined) await write(junit, toJunit(runId, findings))
    if (markdown !== undefined) await write(markdown, toMarkdown(runId, findings))
    if (json) {
      const checks = findings.map(({ id, seen, error }) => ({ id, ok: error === null, seen, ...(error && { error: error.toDocument() }) }))
      printJson({ ok: true, data: { runId, passed: failed.length === 0, checks } })
    } else {
      findings.forEach((finding) => print(line(finding)))
      print(failed.length === 0 ? `${findings.length} checks of ${runId}: all passed` : `${failed.length} of ${findings.length} checks of ${runId} failed`)
    }
    return failed.length === 0 ? 0 : NOT_VALID
  })
}

async function* examine(store: ObjectStore, { runId, slug, manifests: refs }: RunRecord): AsyncGenerator<Finding> {
  yield look('published', async () => {
    const pointer = await latestPointer(store, slug)
    if (pointer === null) throw new LogpipeError('OUTPUT_MISSING', { name: `pipeline/${places.latest(slug).name}` })
    return pointer.runId === runId ? 'readers of the source see this run' : `readers of the source see ${pointer.runId}, which came later`
  })
  const manifests: Manifest[] = []
  yield look('manifests', async () => {
    for (const ref of refs) manifests.push(await readManifest(store, ref))
    return `${manifests.length} layers`
  })
  const parts = manifests.flatMap((manifest) => manifest.parts)
  yield look('recorded', async () => {
    const report = await readDocument(store, places.report(runId), Report)
    if (report === null) throw new LogpipeError('OUTPUT_MISSING', { name: `pipeline/${places.report(runId).name}` })
    const differs = parts.find(({ name, sha256 }) => !report.value.artifacts.some((artifact) => artifact.name === name && artifact.sha256 === sha256))
    if (differs) throw new LogpipeError('OUTPUT_NOT_VALID', { detail: `${differs.name} is not in the report with the hash of its manifest` })
    return `${report.value.status} at ${report.value.endedAt}, ${report.value.artifacts.length} artifacts`
  })
  yield* inspectRun(store, await loadDefinition(), manifests, featuresOf)
  yield look('model-loads', async () => {
    const { head } = await readModel(store, parts.filter(({ output }) => output.startsWith('model')))
    return `${head.entities} addresses`
  })
}

const line = ({ id, seen, error }: Finding): string => {
  if (error === null) return `${style('green', 'ok')}      ${id.padEnd(30)} ${safeText(seen)}`
  const { code, cause, fix } = error.toDocument()
  return `${style('red', 'failed')}  ${id.padEnd(30)} ${code}: ${safeText(cause)}\n        fix  ${safeText(fix)}`
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: unknown) => {
    throw new LogpipeError('OUTPUT_DIR_FAILED', { path, detail: error instanceof Error ? error.message : String(error) }, { cause: error })
  })
}
