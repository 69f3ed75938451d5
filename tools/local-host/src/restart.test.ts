import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type HostFailure, type HostProcess, startHostProcess, tempHome } from '../test/host-process.ts'
import { until } from '../test/wait.ts'

let home: ReturnType<typeof tempHome>
const hosts: HostProcess[] = []

beforeEach(() => {
  home = tempHome()
})
afterEach(async () => {
  for (const host of hosts.splice(0)) if (host.child.exitCode === null && host.child.signalCode === null) await host.stop()
  home.remove()
})

async function up(): Promise<HostProcess> {
  const host = await startHostProcess('durable', home)
  hosts.push(host)
  return host
}
const start = (host: HostProcess, name: string, id: string, input: unknown) => host.call('POST', `/api/start/${name}?id=${id}`, input)
const end = (host: HostProcess, id: string) =>
  until(`the end of ${id}`, async () => {
    const status = await host.status(id)
    return !['Pending', 'Running'].includes(status.runtimeStatus) && status
  })
const effect = (line: string) => until(line, () => home.effects().includes(line))
const gate = () => home.path('gate')

test('after kill -9 in an activity the run goes on from there and ends', async () => {
  const first = await up()
  await start(first, 'gated', 'run', gate())
  await effect('gate begins')
  await first.kill()
  writeFileSync(gate(), '')
  const second = await up()
  expect(await end(second, 'run')).toMatchObject({ runtimeStatus: 'Completed', output: 'open' })
  // What was committed is not done again; the activity that was under way is.
  expect(home.effects()).toEqual(['before gate', 'gate begins', 'gate begins', 'gate ends', 'after gate'])
  expect(second.log.find(({ event }) => event === 'activities-redelivered')).toMatchObject({ count: 1 })
})

test('however often the host is killed, every run ends with every effect', async () => {
  const runs = Array.from({ length: 8 }, (_, n) => `run-${n}`)
  let host = await up()
  for (const id of runs) await start(host, 'fanOut', id, 6)
  for (let kills = 0; kills < 3; kills++) {
    const before = home.effects().length
    await until('some progress', () => home.effects().length > before + 5 || home.effects().length >= runs.length * 12)
    await host.kill()
    host = await up()
  }
  for (const id of runs) expect(await end(host, id)).toMatchObject({ runtimeStatus: 'Completed', output: 55 })
  const squares = home.effects().filter((line) => line.startsWith('square '))
  for (let n = 0; n < 6; n++) expect(squares.filter((line) => line === `square ${n}`).length).toBeGreaterThanOrEqual(runs.length)
  // A step names what its orchestrator saw in the first turn: one trace a run, however often it was replayed by however many hosts.
  const traces = home.effects().filter((line) => line.startsWith('step ')).map((line) => line.split(' ').slice(2).join(' '))
  expect(new Set(traces).size).toBe(runs.length)
}, 60_000)

test('a durable timer that was due while the host was down fires after the restart', async () => {
  const first = await up()
  await start(first, 'approval', 'run', 400)
  await until('the timer', async () => (await first.status('run', 'showHistory=true')).historyEvents?.length === 2)
  await first.kill()
  const second = await up()
  expect((await end(second, 'run')).output).toBe('timed out')
})

test('an event that was raised before the kill is there after it', async () => {
  const first = await up()
  await start(first, 'lateWait', 'run', gate())
  await first.call('POST', '/runtime/webhooks/durabletask/instances/run/raiseEvent/approve', 'kept')
  await first.kill()
  writeFileSync(gate(), '')
  expect((await end(await up(), 'run')).output).toBe('kept')
})

test('stop waits for running activities and keeps their result', async () => {
  const host = await up()
  await start(host, 'gated', 'run', gate())
  await effect('gate begins')
  const stopped = host.stop()
  await until('that it takes no work', async () => (await host.call('POST', '/api/start/echoes', 1)).status === 503)
  writeFileSync(gate(), '')
  expect(await stopped).toBe(0)
  expect((await end(await up(), 'run')).output).toBe('open')
  expect(home.effects().filter((line) => line === 'gate begins')).toHaveLength(1)
})

test('a terminated run is not taken up again after a restart', async () => {
  const first = await up()
  await start(first, 'gated', 'run', gate())
  await effect('gate begins')
  await first.call('POST', '/runtime/webhooks/durabletask/instances/run/terminate?reason=no')
  await first.kill()
  const second = await up()
  await start(second, 'echoes', 'other', 1)
  await end(second, 'other')
  expect((await second.status('run')).runtimeStatus).toBe('Terminated')
  expect(home.effects()).toEqual(['before gate', 'gate begins'])
})

test('the key stays the same', async () => {
  const first = await up()
  await first.stop()
  expect((await up()).key).toBe(first.key)
})

test('a second host on the same state is refused and names the first; after its death the state is free', async () => {
  const first = await up()
  const refused = await startHostProcess('durable', home).catch((error: unknown) => error as HostFailure)
  expect(refused).toMatchObject({ exit: 3, code: 'HOST_STATE_LOCKED', cause: expect.stringContaining(String(first.child.pid)) as string })
  await first.kill()
  await up()
})

test('a damaged state file is set aside with a coded error, and the host starts anew', async () => {
  const first = await up()
  await first.stop()
  writeFileSync(join(home.state, 'state.db'), 'this is no database, but it is long enough to be looked at as one '.repeat(100))
  const second = await up()
  expect(second.log.find(({ event }) => event === 'state-set-aside')).toMatchObject({ code: 'HOST_STATE_CORRUPT' })
  expect(readdirSync(home.state).some((name) => name.startsWith('state.db.damaged-'))).toBe(true)
  await start(second, 'echoes', 'run', 1)
  expect((await end(second, 'run')).runtimeStatus).toBe('Completed')
})

test('when the parent is killed, the host goes too and frees its state', async () => {
  const script = `
    const { fork } = require('node:child_process')
    const child = fork(process.argv[1], process.argv.slice(2), { stdio: ['ignore', 'inherit', 'ignore', 'ipc'] })
    setInterval(() => {}, 1000)`
  const args = [join(import.meta.dirname, 'main.ts'), '--app', join(import.meta.dirname, '../test/apps/durable'), '--state', home.state]
  const env = { ...process.env, AzureWebJobsStorage: 'UseDevelopmentStorage=true', EFFECTS: home.path('effects') }
  const parent = spawn(process.execPath, ['-e', script, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const { url } = JSON.parse(line.toString()) as { url: string }
  parent.kill('SIGKILL')
  await until('the end of the host', () => fetch(url).then(() => false, () => true))
  await until('the free state', () => up().catch(() => undefined))
})

test.each([
  ['queue', 'HOST_FUNCTION_UNSUPPORTED', /listener uses the trigger queueTrigger/],
  ['entity', 'HOST_FUNCTION_UNSUPPORTED', /counter uses the trigger entityTrigger/],
  ['streaming', 'HOST_APP_INVALID', /enableHttpStream/],
  ['empty', 'HOST_APP_INVALID', /registered no function/],
  ['missing', 'HOST_APP_INVALID', /host\.json/],
])('app %s is refused at the start with %s', async (app, code, cause) => {
  const refused = await startHostProcess(app, home).catch((error: unknown) => error as HostFailure)
  expect(refused).toMatchObject({ exit: 3, code, cause: expect.stringMatching(cause) as string })
})

test('a taken port is a coded error', async () => {
  const first = await up()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--app', join(import.meta.dirname, '../test/apps/durable'), '--state', home.path('other'), '--port', new URL(first.url).port], {
    env: { ...process.env, AzureWebJobsStorage: 'UseDevelopmentStorage=true' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  expect(JSON.parse(line.toString())).toMatchObject({ event: 'host-failed', code: 'HOST_PORT_TAKEN' })
})

test('an activity that takes the host down each time is given up after maxDequeueCount hosts', async () => {
  let host = await up()
  await start(host, 'kills', 'run', null)
  for (let killed = 1; killed <= 5; killed++) {
    await until('the end of the host', () => host.child.signalCode !== null)
    host = await up()
  }
  expect((await end(host, 'run')).output).toMatch(/HOST_ACTIVITY_POISON.*5 times/)
  expect(home.effects()).toEqual(Array.from({ length: 5 }, () => 'killer runs'))
}, 60_000)

test('stop gives up what does not end in time: it is delivered again, and not counted', async () => {
  const state = () => {
    const db = new DatabaseSync(join(home.state, 'state.db'), { readOnly: true })
    const rows = db.prepare('SELECT running, deliveries FROM activities').all()
    db.close()
    return rows
  }
  const first = await startHostProcess('durable', home, { args: ['--drain-ms', '100'] })
  await start(first, 'gated', 'run', gate())
  await effect('gate begins')
  expect(await first.stop()).toBe(0)
  expect(first.log.map(({ event }) => event)).toContain('activities-left')
  expect(state()).toEqual([{ running: 0, deliveries: 0 }])
  writeFileSync(gate(), '')
  expect((await end(await up(), 'run')).output).toBe('open')
})

test('an instance whose orchestrator is no longer there fails with a code; with the old code back it can be rewound', async () => {
  const first = await up()
  await start(first, 'retired', 'run', gate())
  await effect('gate begins')
  await first.kill()
  writeFileSync(gate(), '')
  const second = await startHostProcess('durable', home, { env: { RETIRED: '1' } })
  expect(await end(second, 'run')).toMatchObject({ runtimeStatus: 'Failed', output: expect.stringContaining('HOST_FUNCTION_UNKNOWN') as string })
  const refused = await second.call('POST', '/runtime/webhooks/durabletask/instances/run/rewind')
  expect(refused).toMatchObject({ status: 409, body: expect.stringContaining('HOST_REWIND_IMPOSSIBLE') as string })
  await second.stop()
  const third = await up()
  expect((await third.call('POST', '/runtime/webhooks/durabletask/instances/run/rewind')).status).toBe(202)
  expect(await end(third, 'run')).toMatchObject({ runtimeStatus: 'Completed', output: 'open' })
  expect(home.effects().filter((line) => line === 'begun')).toHaveLength(1)
})

test('a state file with a damaged page is found at the start', async () => {
  const first = await up()
  await start(first, 'echoes', 'run', 'x'.repeat(100_000))
  await end(first, 'run')
  await first.stop()
  const file = join(home.state, 'state.db')
  const bytes = readFileSync(file)
  bytes.fill(0x5a, 4096, bytes.length - 4096)
  writeFileSync(file, bytes)
  const second = await up()
  expect(second.log.find(({ event }) => event === 'state-set-aside')).toMatchObject({ code: 'HOST_STATE_CORRUPT' })
  expect((await second.call('GET', '/runtime/webhooks/durabletask/instances/run')).status).toBe(404)
})

test('a state file of the version before is taken over, with the run that was under way', async () => {
  const first = await up()
  await start(first, 'gated', 'run', gate())
  await effect('gate begins')
  await first.kill()
  const db = new DatabaseSync(join(home.state, 'state.db'))
  db.exec('DROP TABLE packed_history; DROP INDEX instances_ended; DROP INDEX instances_by_parent; PRAGMA user_version = 1')
  db.close()
  writeFileSync(gate(), '')
  const second = await up()
  expect((await end(second, 'run')).output).toBe('open')
  expect((await second.status('run', 'showHistory=true')).historyEvents).toHaveLength(8)
})

test('a damaged lock file is no lock', async () => {
  mkdirSync(home.state, { recursive: true })
  writeFileSync(join(home.state, 'host.lock'), 'no database at all '.repeat(100))
  const first = await up()
  const refused = await startHostProcess('durable', home).catch((error: unknown) => error as HostFailure)
  expect(refused).toMatchObject({ code: 'HOST_STATE_LOCKED', cause: expect.stringContaining(String(first.child.pid)) as string })
})

test('what ended longer ago than it is kept is removed at the start; what is open stays', async () => {
  const first = await up()
  await start(first, 'echoes', 'old', 1)
  await start(first, 'echoes', 'young', 1)
  await start(first, 'approval', 'open', 60_000)
  for (const id of ['old', 'young']) await end(first, id)
  await first.stop()
  const db = new DatabaseSync(join(home.state, 'state.db'))
  db.exec("UPDATE instances SET updated = 0 WHERE id IN ('old', 'open')")
  db.close()
  const second = await startHostProcess('durable', home, { args: ['--keep-days', '2'] })
  hosts.push(second)
  await until('the purge', () => second.log.some(({ event }) => event === 'history-purged'))
  const list = (await second.call('GET', '/runtime/webhooks/durabletask/instances')).body as { instanceId: string }[]
  expect(list.map(({ instanceId }) => instanceId).sort()).toEqual(['open', 'young'])
})
