import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type HostProcess, type InstanceStatus, startHostProcess, tempHome } from '../test/host-process.ts'
import { until } from '../test/wait.ts'

const home = tempHome()
let host: HostProcess
let id = ''
let file = ''
let seen = 0
let count = 0

beforeAll(async () => {
  host = await startHostProcess('durable', home)
})
beforeEach(() => {
  id = `run-${count++}`
  file = home.path(`${id}-mended`)
  seen = home.effects().length
})
afterAll(async () => {
  expect(await host.stop()).toBe(0)
  home.remove()
})

const start = (name: string, input: unknown) => host.call('POST', `/api/start/${name}?id=${id}`, input)
const client = async (call: string, ...args: unknown[]) => (await host.call('POST', `/api/client/${call}`, args)).body as { error?: string }
const effects = (): string[] => home.effects().slice(seen)
const end = (instance = id): Promise<InstanceStatus> =>
  until(`the end of ${instance}`, async () => {
    const status = await host.status(instance)
    return !['Pending', 'Running'].includes(status.runtimeStatus) && status
  })
const mend = (): void => writeFileSync(file, '')

test('rewind does the failed activity again, and nothing that succeeded', async () => {
  await start('mending', file)
  expect((await end()).runtimeStatus).toBe('Failed')
  expect(await client('rewind', id, 'still broken')).toEqual({})
  expect((await end()).runtimeStatus).toBe('Failed')
  mend()
  expect(await client('rewind', id, 'mended')).toEqual({})
  expect(await end()).toMatchObject({ runtimeStatus: 'Completed', output: 'mended' })
  expect(effects()).toEqual(['before', 'mendable tried', 'mendable tried', 'mendable tried', 'after'])
})

test.each(['before', 'after'])('rewind of an activity with retries does its last attempt again; what went on beside it counts (its end %s the failure)', async (when) => {
  const gate = home.path(`${id}-gate`)
  if (when === 'before') writeFileSync(gate, '')
  await start('mendingRetry', { file, gate })
  expect((await end()).runtimeStatus).toBe('Failed')
  mend()
  writeFileSync(gate, '')
  await client('rewind', id, 'mended')
  expect(await end()).toMatchObject({ runtimeStatus: 'Completed', output: ['mended', 'open'] })
  expect(effects().filter((line) => line === 'mendable tried')).toHaveLength(4)
  // The gate of the life before may end late; its result goes nowhere.
  expect(effects().filter((line) => line === 'after')).toHaveLength(1)
})

test('rewind goes down into a failed sub-orchestration', async () => {
  await start('mendingParent', file)
  expect((await end()).runtimeStatus).toBe('Failed')
  mend()
  await client('rewind', id, 'mended')
  expect(await end()).toMatchObject({ runtimeStatus: 'Completed', output: 'mended' })
  expect((await host.status(`${id}-child`)).runtimeStatus).toBe('Completed')
  expect(effects()).toEqual(['before', 'mendable tried', 'mendable tried', 'after'])
})

test('an orchestrator that failed by its own fault gets the same message again', async () => {
  await start('faulty', file)
  expect((await end()).output).toContain('a bug')
  mend()
  await client('rewind', id, 'mended')
  expect(await end()).toMatchObject({ runtimeStatus: 'Completed', output: 'mended' })
  expect(effects()).toEqual(['before', 'after'])
})

test('only what has failed can be rewound', async () => {
  await start('echoes', 1)
  await end()
  expect((await client('rewind', id, 'why')).error).toContain('HOST_INSTANCE_NOT_FAILED')
  expect((await client('rewind', 'nobody', 'why')).error).toContain('HOST_INSTANCE_UNKNOWN')
})
