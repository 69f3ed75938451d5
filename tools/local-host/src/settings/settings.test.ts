import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readHostJson } from './host-json.ts'
import { applySettings, readLocalSettings } from './local-settings.ts'
import { parseTimeSpan } from './time-span.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'settings-'))
})
afterEach(() => rmSync(dir, { recursive: true }))
const write = (name: string, value: unknown): void => writeFileSync(join(dir, name), typeof value === 'string' ? value : JSON.stringify(value))

test.each([
  ['00:05:00', 300_000],
  ['1.00:00:01', 86_401_000],
  ['00:00:00.5', 500],
  ['-1', Infinity],
])('time span %s is %d ms', (text, ms) => {
  expect(parseTimeSpan(text, 'x')).toBe(ms)
})

test.each(['5', '5 minutes', '00:05', '', '-2'])('%j is no time span', (text) => {
  expect(() => parseTimeSpan(text, 'functionTimeout')).toThrow(/HOST_SETTING_INVALID.*functionTimeout/)
})

test('host.json has the defaults of the cloud', async () => {
  write('host.json', { version: '2.0', extensionBundle: { id: 'x' } })
  expect(await readHostJson(dir)).toEqual({
    functionTimeoutMs: 1_800_000,
    routePrefix: 'api',
    maxOutstandingRequests: 200,
    maxConcurrentRequests: 100,
    blobParallelism: 8,
    maxDequeueCount: 5,
    redeliveryDelayMs: 0,
    hubName: 'TestHubName',
    maxConcurrentActivities: 10,
  })
})

test('what host.json says is obeyed; blobs come before queues', async () => {
  process.env['HUB_OF_TEST'] = 'Hub7'
  const queues = { maxDequeueCount: 7, visibilityTimeout: '00:00:30' }
  write('host.json', { version: '2.0', extensions: { queues, durableTask: { hubName: '%HUB_OF_TEST%', maxConcurrentActivityFunctions: 3 }, http: { routePrefix: '', maxOutstandingRequests: -1, maxConcurrentRequests: 7 } } })
  expect(await readHostJson(dir)).toMatchObject({ maxDequeueCount: 7, redeliveryDelayMs: 30_000, hubName: 'Hub7', maxConcurrentActivities: 3, routePrefix: '', maxOutstandingRequests: Infinity, maxConcurrentRequests: 7 })
  write('host.json', { version: '2.0', extensions: { queues, blobs: { maxDequeueCount: 2 } } })
  expect((await readHostJson(dir)).maxDequeueCount).toBe(2)
})

test('all faults of host.json are told at once', async () => {
  const durableTask = { maxConcurrentOrchestratorFunctions: 0 }
  write('host.json', { version: '1.0', concurrency: { dynamicConcurrencyEnabled: true }, extensions: { http: { routePrefix: 5 }, blobs: { maxDequeueCount: 0 }, durableTask } })
  await expect(readHostJson(dir)).rejects.toThrow(/version.*dynamicConcurrencyEnabled: the local host keeps to fixed limits.*routePrefix.*maxDequeueCount.*maxConcurrentOrchestratorFunctions/)
})

test('local.settings.json does not go before the environment', async () => {
  process.env['SET_BEFORE'] = 'environment'
  write('local.settings.json', { Values: { SET_BEFORE: 'file', SET_BY_FILE: 'file' } })
  applySettings(await readLocalSettings(dir))
  expect([process.env['SET_BEFORE'], process.env['SET_BY_FILE']]).toEqual(['environment', 'file'])
})

test('without local.settings.json there are no settings; a faulty one is an error', async () => {
  expect(await readLocalSettings(dir)).toEqual({})
  write('local.settings.json', '{ "Values": { "A": 1 } }')
  await expect(readLocalSettings(dir)).rejects.toMatchObject({ code: 'HOST_SETTING_INVALID' })
})
