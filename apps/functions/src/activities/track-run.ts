import { basename } from 'node:path/posix'
import { asLogpipeError, LogpipeError, type ObjectStore, type Part, readRecord, type WarningCode } from '@logpipe/core'
import { type Drained, drainOutbox, enqueueTracking, findVersion, ModelHead, readIndex, type Tracking } from '@logpipe/ml'
import type { App } from '../compose.ts'

/** What a run waits for MLflow; the timer brings what is left. */
const DRAIN_MS = 15_000
const MODEL_DIR = 'model'

const modelName = ({ definition }: App): string => `logpipe-${definition.name}`

async function readJson(store: ObjectStore, part: Part | undefined): Promise<unknown> {
  const blob = part && (await store.readSmall(part))
  if (!blob) throw new LogpipeError('OUTPUT_MISSING', { name: part?.name ?? 'a document of the run' })
  return JSON.parse(new TextDecoder().decode(blob.body))
}

/** Numbers of a document by their path, e.g. `drift.failures`. */
function numbersOf(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, below]) => numbersOf(below, path === '' ? key : `${path}.${key}`))
}

async function describe(app: App, runId: string, parts: readonly Part[], version: string | null): Promise<Tracking> {
  const { store, definition, clock } = app
  const record = await readRecord(store, runId)
  const metrics = parts.find(({ output }) => output === 'metrics')
  const files = version === null ? [] : findVersion(await readIndex(store), version).files
  const { schema_version: _form, ...figures } = (await readJson(store, metrics)) as Record<string, unknown>
  // What the run itself learnt; the version's own head lies among the artifacts.
  const { method, features, threshold } = ModelHead.parse(await readJson(store, parts.find(({ output }) => output === 'model')))
  return {
    runId,
    startedAt: record.startedAt ?? record.queuedAt,
    endedAt: new Date(clock.now()).toISOString(),
    params: {
      method,
      features: features.join(','),
      'threshold.rule': threshold.rule,
      'threshold.fence': String(threshold.fence),
      'threshold.floor': String(threshold.floor),
      'threshold.warmup_entities': String(threshold.warmup_entities),
      definition: definition.hash,
      baseline: record.pinned?.model?.version ?? 'none',
    },
    metrics: Object.fromEntries(numbersOf(figures)),
    tags: { 'logpipe.source': `${record.source.container}/${record.source.name}`, 'logpipe.target': app.config.target, 'logpipe.engine': record.engine?.name ?? app.engine.name },
    artifacts: [
      ...(metrics ? [{ path: 'metrics.json', part: metrics }] : []),
      ...files.map((part) => ({ path: `${MODEL_DIR}/${basename(part.name)}`, part })),
    ],
    model: version === null ? null : { name: modelName(app), version, path: MODEL_DIR },
  }
}

/** Puts down what MLflow is to know of a run, then tries for a short time to bring it there. Whatever MLflow does, the run goes on. */
export async function trackRun(app: App, runId: string, parts: readonly Part[], version: string | null): Promise<WarningCode[]> {
  if (!app.mlflow) return []
  await enqueueTracking(app.store, await describe(app, runId, parts, version), app.clock.now())
  const drained = await drainMlflow(app, DRAIN_MS)
  const left = drained === null || [...drained.waiting, ...drained.givenUp].includes(runId)
  return left ? ['MLFLOW_DELAYED'] : []
}

/** Brings the outbox to MLflow within a time; null when that could not even be tried. */
export async function drainMlflow(app: App, limitMs: number): Promise<Drained | null> {
  const { mlflow, store, clock, log } = app
  if (!mlflow) return null
  try {
    const { current: version } = await readIndex(store)
    const current = version === null ? null : { name: modelName(app), version }
    const drained = await drainOutbox(store, mlflow, { now: () => clock.now(), signal: AbortSignal.timeout(limitMs), current })
    const { tracked, waiting, givenUp, reason } = drained
    if (tracked.length > 0) log('info', 'mlflow.tracked', { runs: tracked })
    if (waiting.length > 0 || givenUp.length > 0) log('warn', 'mlflow.delayed', { waiting: waiting.length, givenUp, reason })
    return drained
  } catch (thrown) {
    const error = asLogpipeError(thrown, 'mlflow')
    log('warn', 'mlflow.failed', { code: error.code, cause: error.message })
    return null
  }
}
