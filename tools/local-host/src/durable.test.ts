import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type HostProcess, type InstanceStatus, startHostProcess, tempHome } from '../test/host-process.ts'
import { mostAtOnce, until } from '../test/wait.ts'

const home = tempHome()
let host: HostProcess
let id = ''
let count = 0

beforeAll(async () => {
  host = await startHostProcess('durable', home)
})
beforeEach(() => {
  id = `run-${count++}`
})
afterEach(() => {
  expect(host.log.filter(({ event }) => ['turn-failed', 'request-failed', 'app-unhandled', 'stderr'].includes(event))).toEqual([])
})
afterAll(async () => {
  expect(await host.stop()).toBe(0)
  home.remove()
})

const start = (name: string, input: unknown, instance = id) => host.call('POST', `/api/start/${name}?id=${instance}`, input)
const api = (method: string, path: string, body?: unknown) => host.call(method, `/runtime/webhooks/durabletask/${path}`, body)
const client = async (call: string, ...args: unknown[]) => (await host.call('POST', `/api/client/${call}`, args)).body as { result?: unknown; error?: string }

async function end(instance = id): Promise<InstanceStatus> {
  return until(`the end of ${instance}`, async () => {
    const status = await host.status(instance, 'showHistory=true&showHistoryOutput=true')
    return !['Pending', 'Running', 'Suspended'].includes(status.runtimeStatus) && status
  })
}
const run = async (name: string, input: unknown = null): Promise<InstanceStatus> => {
  await start(name, input)
  return end()
}
const events = (status: InstanceStatus, type: string) => status.historyEvents!.filter(({ EventType }) => EventType === type)

test('inputs reach orchestrator and activities with their JSON type', async () => {
  const { output } = await run('echoes', { deep: ['x'] })
  expect(output).toEqual({
    input: { deep: ['x'] },
    outputs: [{ got: 'text' }, { got: '{"a":1}' }, { got: 5 }, { got: { a: [1] } }, { got: null }],
    id,
  })
})

test('Task.all runs activities side by side and keeps their order', async () => {
  expect(await run('fanOut', 6)).toMatchObject({ runtimeStatus: 'Completed', output: 55, customStatus: { stage: 'done' } })
})

test('activities of all instances keep to maxConcurrentActivityFunctions, and use it', async () => {
  const before = home.effects().length
  for (const n of [1, 2, 3]) await start('crowd', 8, `${id}-${n}`)
  for (const n of [1, 2, 3]) await end(`${id}-${n}`)
  const effects = home.effects().slice(before)
  expect(effects.filter((line) => line === 'busy ends')).toHaveLength(24)
  expect(mostAtOnce('busy', effects)).toBe(4)
})

test('the custom status is seen while the instance runs', async () => {
  const gate = home.path(`${id}-gate`)
  await start('lateWait', gate)
  expect(await until('a custom status', async () => (await host.status(id)).customStatus ?? undefined)).toBe('at the gate')
  await client('raiseEvent', id, 'approve', 'go')
  await host.call('POST', '/api/touch', gate)
  await end()
})

test('guids and times are the same on every replay', async () => {
  await run('fanOut', 3)
  const traces = home.effects().filter((line) => line.startsWith('step ')).map((line) => line.split(' ').slice(2).join(' ')).slice(-3)
  expect(traces[0]).toMatch(/^[0-9a-f-]{36} \S+Z [0-9a-f-]{36}$/)
  expect(new Set(traces).size).toBe(1)
})

test('a failing activity is retried with back-off and its success is the result', async () => {
  const status = await run('retries', { key: id, failures: 2, attempts: 3 })
  expect(status.output).toEqual({ first: 3, second: { got: 1 } })
  expect(home.effects().filter((line) => line.startsWith(`flaky ${id} `))).toEqual([1, 2, 3].map((n) => `flaky ${id} ${n}`))
  const waits = events(status, 'TimerCreated').map(({ FireAt, Timestamp }) => Date.parse(String(FireAt)) - Date.parse(String(Timestamp)))
  expect(waits).toEqual([10, 20])
})

test('retries end after the last attempt and its failure is thrown', async () => {
  const status = await run('retries', { key: id, failures: 9, attempts: 2 })
  expect(status.runtimeStatus).toBe('Failed')
  expect(status.output).toContain("Orchestrator function 'retries' failed: Activity function 'flaky' failed: boom 2")
  expect(home.effects().filter((line) => line.startsWith(`flaky ${id} `))).toHaveLength(2)
})

test('an orchestrator can catch what an activity throws', async () => {
  expect((await run('caught')).output).toMatch(/^Activity function 'flaky' failed: boom 1 \n /)
})

test('an orchestrator that throws has failed, and its custom status is kept', async () => {
  expect(await run('throws')).toMatchObject({ runtimeStatus: 'Failed', output: "Orchestrator function 'throws' failed: told so", customStatus: 'before the end' })
})

test('an external event ends a wait', async () => {
  await start('approval', 60_000)
  expect((await api('POST', `instances/${id}/raiseEvent/approve`, { by: 'ann' })).status).toBe(202)
  expect((await end()).output).toEqual({ approved: { by: 'ann' } })
})

test('an external event that is raised before anyone waits for it is kept', async () => {
  const gate = home.path(`${id}-file`)
  await start('lateWait', gate)
  await client('raiseEvent', id, 'approve', 'early')
  await host.call('POST', `/api/touch`, gate)
  expect((await end()).output).toBe('early')
})

test('Task.any takes the timer when it comes first', async () => {
  expect((await run('approval', 30)).output).toBe('timed out')
})

test('tasks that are named again in a second Task.any run once', async () => {
  const before = home.effects().length
  expect((await run('race')).output).toBe(14)
  expect(home.effects().slice(before).sort()).toEqual(['race over', 'square 1', 'square 2', 'square 3'])
})

test('terminate ends an instance at once with its reason', async () => {
  await start('slow', null)
  expect(await client('terminate', id, 'not wanted')).toEqual({})
  expect(await host.status(id)).toMatchObject({ runtimeStatus: 'Terminated', output: 'not wanted' })
  expect((await api('POST', `instances/${id}/terminate`)).status).toBe(410)
})

test('a suspended instance stands still until it is resumed', async () => {
  await start('approval', 60_000)
  await until('the timer', async () => (await host.status(id, 'showHistory=true')).historyEvents?.length === 2)
  await client('suspend', id, 'lunch')
  await client('raiseEvent', id, 'approve', 1)
  expect((await host.status(id)).runtimeStatus).toBe('Suspended')
  await client('resume', id, 'back')
  expect((await end()).output).toEqual({ approved: 1 })
})

test('an orchestration calls others; their failures are retried and thrown', async () => {
  const { output } = await run('parent')
  expect(output).toEqual({ good: { got: 'sub' }, failed: expect.stringContaining("Orchestrator function 'throws' failed: told so") as string })
  expect((await host.status(`${id}-child`)).runtimeStatus).toBe('Completed')
})

test('continueAsNew begins a new history under the same id', async () => {
  const before = home.effects().length
  const status = await run('countDown', 3)
  expect(status.output).toBe('lift-off')
  expect(home.effects().slice(before)).toEqual(['count 3', 'count 2', 'count 1', 'count 0'])
  expect(events(status, 'TaskCompleted')).toHaveLength(1)
})

test('a running instance cannot be started a second time (409), an ended one can', async () => {
  await start('slow', null)
  expect((await api('POST', `orchestrators/slow/${id}`)).status).toBe(409)
  await client('terminate', id, 'enough')
  expect((await api('POST', `orchestrators/echoes/${id}`, 1)).status).toBe(202)
  expect(await end()).toMatchObject({ runtimeStatus: 'Completed', input: 1 })
})

test('the SDK reports a second start of a running instance as an error', async () => {
  await start('slow', null)
  expect((await client('startNew', 'slow', { instanceId: id })).error).toMatch(/409.*HOST_INSTANCE_EXISTS/)
})

test.each([
  ['unknownActivity', 'HOST_FUNCTION_UNKNOWN', 'nobody'],
  ['http', 'HOST_ACTION_UNSUPPORTED', 'CallHttp'],
  ['signals', 'HOST_ACTION_UNSUPPORTED', 'SignalEntity'],
  ['fickle', 'HOST_NONDETERMINISTIC', 'activity'],
])('orchestrator %s fails with %s and says what', async (name, code, what) => {
  const { runtimeStatus, output } = await run(name)
  expect(runtimeStatus).toBe('Failed')
  expect(output).toContain(code)
  expect(output).toContain(what)
})

test('a function that outlives functionTimeout fails', async () => {
  const { output } = await run('slow')
  expect(output).toContain('HOST_FUNCTION_TIMEOUT')
})

test('entities are refused by name', async () => {
  expect((await client('readEntityState', { name: 'counter', key: 'one' })).error).toMatch(/501.*HOST_ACTION_UNSUPPORTED.*entities/)
})

test('purge removes an ended instance and refuses a running one', async () => {
  await run('echoes')
  expect((await client('purgeInstanceHistory', id)).result).toEqual({ instancesDeleted: 1 })
  expect((await client('getStatus', id)).error).toContain('404')
  expect((await client('purgeInstanceHistory', id)).result).toEqual({ instancesDeleted: 0 })
  await start('slow', null)
  expect((await api('DELETE', `instances/${id}`)).status).toBe(409)
})

test('purge by time, state and prefix removes what has ended, and nothing else', async () => {
  await run('throws')
  await start('echoes', 1, `${id}-good`)
  await end(`${id}-good`)
  await start('slow', null, `${id}-open`)
  expect((await api('DELETE', `instances?runtimeStatus=Failed&instanceIdPrefix=${id}&createdTimeFrom=2000-01-01T00:00:00Z`)).body).toEqual({ instancesDeleted: 1 })
  expect((await api('DELETE', `instances?instanceIdPrefix=${id}&createdTimeTo=2000-01-01T00:00:00Z`)).status).toBe(404)
  expect((await api('DELETE', `instances?instanceIdPrefix=${id}`)).body).toEqual({ instancesDeleted: 1 })
  expect((await host.status(`${id}-open`)).runtimeStatus).toBe('Running')
})

test('restart begins again with the same input, under a new id or, once it has ended, under its own', async () => {
  await run('echoes', { kept: 1 })
  const { body } = await api('POST', `instances/${id}/restart`)
  expect((await end((body as { id: string }).id)).output).toMatchObject({ input: { kept: 1 } })
  expect((await api('POST', `instances/${id}/restart?restartWithNewInstanceId=false`)).body).toMatchObject({ id })
  expect((await end()).output).toMatchObject({ input: { kept: 1 } })
  await start('slow', null, `${id}-open`)
  expect((await api('POST', `instances/${id}-open/restart?restartWithNewInstanceId=false`)).status).toBe(409)
})

test('instances are listed by state, time and prefix, in pages', async () => {
  const since = new Date().toISOString()
  for (const n of [1, 2, 3]) await start('echoes', n, `list-${n}`)
  for (const n of [1, 2, 3]) await end(`list-${n}`)
  const names = (body: unknown) => (body as { instanceId: string }[]).map(({ instanceId }) => instanceId)
  expect(names((await api('GET', `instances?runtimeStatus=Completed&instanceIdPrefix=list-&createdTimeFrom=${since}`)).body)).toEqual(['list-1', 'list-2', 'list-3'])
  expect(names((await api('GET', `instances?runtimeStatus=Failed&createdTimeFrom=${since}`)).body)).toEqual([])
  expect(names((await api('GET', 'instances?instanceIdPrefix=list-&top=2')).body)).toEqual(['list-1', 'list-2'])
  expect(names((await client('getStatusBy', { createdTimeFrom: undefined, runtimeStatus: ['Completed'] })).result)).toContain('list-3')
})

test('the status has input and history only as asked for', async () => {
  await run('echoes', { secret: 1 })
  expect(await host.status(id, 'showInput=false')).toMatchObject({ input: null, historyEvents: null })
  expect(JSON.stringify((await host.status(id, 'showInput=false&showHistory=true')).historyEvents)).not.toContain('secret')
})

test.each([
  ['POST', 'orchestrators/nobody', undefined, 404],
  ['POST', 'orchestrators/echo', undefined, 404],
  ['POST', 'orchestrators/echoes/a%2Fb', undefined, 400],
  ['POST', `orchestrators/echoes/${'x'.repeat(101)}`, undefined, 400],
  ['GET', 'instances/unknown', undefined, 404],
  ['POST', 'instances/unknown/terminate', undefined, 404],
  ['POST', 'instances/unknown/raiseEvent/x', 1, 404],
  ['POST', 'instances/unknown/rewind', undefined, 404],
  ['POST', 'instances/unknown/restart', undefined, 404],
  ['POST', 'instances/unknown/fly', undefined, 501],
  ['GET', 'instances?createdTimeFrom=yesterday', undefined, 400],
  ['PUT', 'instances/unknown', undefined, 400],
])('%s %s (body %s) answers %d', async (method, path, body, status) => {
  expect((await api(method, path, body)).status).toBe(status)
})

test('the durable API is closed without the key, and the client’s own address without its secret', async () => {
  const paths = ['/runtime/webhooks/durabletask/instances', '/durabletask/instances/', '/durabletask/guess/instances/']
  for (const path of paths) expect((await fetch(host.url + path)).status, path).not.toBe(200)
  expect((await fetch(host.url + paths[0]!)).status).toBe(401)
})
