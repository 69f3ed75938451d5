import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ObjectStore, type Part, places } from '@logpipe/core'
import { createDiskStore } from '@logpipe/bench'
import { type Tracking } from '../src/mlflow/index.ts'
import { type Double, startDouble } from './mlflow-double.ts'

export interface Bench {
  readonly store: ObjectStore
  readonly double: Double
  /** The tests' clock, ms. */
  nowMs: number
  close(): Promise<void>
}

/** A fresh store and a fresh double; `close` says what was wrong with the bodies by throwing. */
export async function createBench(): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-mlflow-'))
  const store = await createDiskStore(dir)
  await store.ensureContainers()
  const double = await startDouble()
  const close = async (): Promise<void> => {
    await double.close()
    await rm(dir, { recursive: true })
    if (double.wrong.length > 0) throw new Error(`MLflow knows no such call:\n${double.wrong.join('\n')}`)
  }
  return { store, double, nowMs: Date.parse('2026-02-01T12:00:00Z'), close }
}

async function part(store: ObjectStore, name: string, text: string): Promise<Part> {
  const bytes = Buffer.from(text)
  const ref = { container: 'pipeline', name: `models/openssh/versions/0123456789abcdef/${name}` }
  await store.put(ref, bytes)
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
  return { ...ref, output: name, bytes: bytes.length, sha256, rows: null }
}

/** A run that made a model version of two files. */
export async function trackedRun(store: ObjectStore, runId = 'web-1-sshd-log-0a1b2c3d-0123456789ab', over: Partial<Tracking> = {}): Promise<Tracking> {
  return {
    runId,
    startedAt: '2026-02-01T11:59:00.000Z',
    endedAt: '2026-02-01T11:59:07.000Z',
    params: { method: 'ecod_right_tail', floor: '7' },
    metrics: { entities: 30, flagged: 2, 'drift.attempts': 0.125 },
    tags: { source: 'web-1/sshd.log' },
    artifacts: [
      { path: 'model/model.json', part: await part(store, 'model.json', '{"schema_version":1}') },
      { path: 'model/model_values.json', part: await part(store, 'model_values.json', '{"feature":"attempts"}\n') },
    ],
    model: { name: 'logpipe-openssh', version: '0123456789abcdef', path: 'model' },
    ...over,
  }
}

/** Names in the outbox. */
export async function outboxNames(store: ObjectStore): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of store.list('pipeline', places.mlflowOutboxPrefix)) names.push(name)
  return names
}
