import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { places, runIdentity, SOURCE_CONTAINER, type Part } from '@logpipe/core'
import { loadDefinition } from '@logpipe/definition'
import { createDuckDbEngine } from '@logpipe/duckdb'
import { writeLog } from '@logpipe/loggen'
import { afterAll, expect, test } from 'vitest'
import { createDiskStore } from './disk-store.ts'

const dir = mkdtempSync(join(tmpdir(), 'bench-twin-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const log = join(dir, 'a.log')
const definition = await loadDefinition()

/** All layers on one log, with what is done to the work folder and the store between silver and gold; gives the outputs' hashes. */
async function run(name: string, between: (work: string, store: string) => void): Promise<Record<string, string>> {
  const [storeDir, workDir] = [join(dir, name, 'store'), join(dir, name, 'work')]
  const store = await createDiskStore(storeDir)
  const blob = { container: SOURCE_CONTAINER, name: 'a.log' }
  const { size: bytes } = await stat(log)
  const { etag } = await store.put(blob, { path: log, bytes })
  const source = { ...blob, etag, bytes }
  const { runId, slug } = await runIdentity('test', source)
  const engine = createDuckDbEngine({ store, definition, log: () => undefined, threads: 1, workDir })
  const inputs: Part[] = []
  for (const layer of definition.layers) {
    if (layer.name === 'gold') between(workDir, storeDir)
    const target = places.attempt(layer, slug, runId, 1)
    const params = { timezone: 'UTC', baseTimeMs: Date.UTC(2025, 11, 31) }
    const { parts } = await engine.runLayer({ runId, slug, attempt: 1, layer, source, params, inputs: [...inputs], target }, new AbortController().signal)
    inputs.push(...parts)
  }
  await engine.release(runId)
  return Object.fromEntries(inputs.map(({ output, sha256 }) => [output, sha256]))
}

function remove(folder: string, name: RegExp): void {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => name.test(path))
  expect(found).toHaveLength(1)
  for (const path of found) rmSync(join(folder, path))
}

test('gold and ml are the same from events.json and from its twin, and the twin has all they read', async () => {
  await writeLog({ seed: 7, lines: 20_000 }, log)
  const fromJson = await run('json', (work) => remove(work, /-twin$/))
  const fromTwin = await run('twin', (work, store) => {
    remove(work, /events-[0-9a-f]{64}$/)
    remove(store, /events\.json$/)
  })
  expect(fromTwin).toEqual(fromJson)
}, 60_000)
