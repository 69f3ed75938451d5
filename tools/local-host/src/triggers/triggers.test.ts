import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Azurite, startAzurite } from '../../test/azurite.ts'
import { type HostProcess, startHostProcess, tempHome } from '../../test/host-process.ts'
import { mostAtOnce, until } from '../../test/wait.ts'

let azurite: Azurite
let service: BlobServiceClient
let bronze: ContainerClient
let home: ReturnType<typeof tempHome>
let host: HostProcess | undefined

beforeAll(async () => {
  azurite = await startAzurite()
  service = BlobServiceClient.fromConnectionString(azurite.connectionString)
})
afterAll(async () => azurite.stop())

beforeEach(async () => {
  home = tempHome()
  bronze = service.getContainerClient('bronze')
  await bronze.createIfNotExists()
})
afterEach(async () => {
  await host?.stop()
  host = undefined
  for (const name of ['bronze', 'inbox']) await service.getContainerClient(name).deleteIfExists()
  home.remove()
})

const up = async (env: Record<string, string> = {}): Promise<HostProcess> =>
  (host = await startHostProcess('triggers', home, { storage: azurite.connectionString, env }))
const put = async (name: string, text = 'line\n', metadata: Record<string, string> = {}): Promise<string> =>
  (await bronze.getBlockBlobClient(name).upload(text, text.length, { metadata })).etag!
const effects = (prefix: string): string[] => home.effects().filter((line) => line.startsWith(prefix))
const seen = (line: string) => until(line, () => home.effects().some((effect) => effect.startsWith(line)))
/** A marker blob that is dropped later arrives later: what was to come before it has come. */
async function marker(name: string): Promise<void> {
  await put(name)
  await seen(`blob {"path":"bronze/${name}"`)
}
const created = (name: string, eTag: string, more: object = {}) => [
  { id: '1', eventType: 'Microsoft.Storage.BlobCreated', subject: `/blobServices/default/containers/bronze/blobs/${name}`, eventTime: '2024-01-01T00:00:00Z', data: { api: 'PutBlob', eTag, url: '' }, ...more },
]
const webhook = '/runtime/webhooks/blobs?functionName=Host.Functions.dropped'

test('a dropped blob arrives with its name, properties and metadata, and an empty body', async () => {
  await up()
  await put('a/b.log', 'four', { zone: 'UTC' })
  await seen('blob {')
  expect(JSON.parse(effects('blob ')[0]!.slice(5))).toEqual({
    path: 'bronze/a/b.log',
    name: 'a/b.log',
    size: 4,
    body: 0,
    uri: true,
    metadata: { zone: 'UTC' },
    etag: true,
    modified: true,
  })
})

test('blobs that were there before the host are delivered too, those under _runs/ never', async () => {
  await put('early.log')
  await put('_runs/x/part.parquet')
  await up()
  await seen('blob {"path":"bronze/early.log"')
  await marker('later.log')
  expect(effects('blob ')).toHaveLength(2)
})

test('a container that is made later is watched', async () => {
  await up()
  const container = service.getContainerClient('inbox')
  await container.create()
  await container.getBlockBlobClient('mon/x.log').upload('', 0)
  await container.getBlockBlobClient('mon/x.txt').upload('', 0)
  await seen('log "mon" x')
  expect(effects('log ')).toHaveLength(1)
})

test('polled and pushed, one version is one delivery; a new version is a new one', async () => {
  const running = await up()
  const etag = await put('twice.log')
  for (const form of [etag, etag.replaceAll('"', ''), `W/${etag}`]) expect((await running.call('POST', webhook, created('twice.log', form))).status).toBe(202)
  await seen('blob {"path":"bronze/twice.log"')
  await put('twice.log', 'changed')
  await until('the second version', () => effects('blob {"path":"bronze/twice.log"').length === 2)
  await marker('after.log')
  expect(effects('blob {"path":"bronze/twice.log"')).toHaveLength(2)
})

test('deliveries keep to maxDegreeOfParallelism, and use it', async () => {
  for (let n = 0; n < 7; n++) await put(`busy-${n}.log`)
  await up()
  await until('all of them', () => effects('blob {"path":"bronze/busy-').length === 7)
  expect(mostAtOnce('busy', home.effects())).toBe(2)
})

test('a restart delivers nothing a second time', async () => {
  await up()
  await marker('one.log')
  await host?.stop()
  await up()
  await marker('two.log')
  expect(effects('blob {"path":"bronze/one.log"')).toHaveLength(1)
})

test('a blob that fails maxDequeueCount times is poison: kept by name, logged and not tried again', async () => {
  const running = await up()
  await put('bad.log')
  const poison = await until('the poison', () => running.log.find(({ event }) => event === 'blob-poison'))
  expect(poison).toMatchObject({ path: 'bronze/bad.log', function: 'dropped', deliveries: 3 })
  await host?.stop()
  await up()
  await marker('good.log')
  expect(effects('tried bronze/bad.log')).toHaveLength(3)
  const db = new DatabaseSync(`${home.state}/state.db`, { readOnly: true })
  expect(db.prepare('SELECT function, path, deliveries, error FROM "webjobs-blobtrigger-poison"').all()).toEqual([
    { function: 'dropped', path: 'bronze/bad.log', deliveries: 3, error: 'cannot read it' },
  ])
  db.close()
})

test('poison is listed and can be replayed after a fix, or dismissed; other blobs never wait for it', async () => {
  const running = await up()
  await put('bad-1.log')
  await put('bad-2.log')
  const list = async () => (await running.call('GET', '/admin/poison')).body as { id: number; path: string }[]
  await until('both', async () => (await list()).length === 2)
  await marker('good.log')
  const [first, second] = (await list()).sort((a, b) => a.path.localeCompare(b.path))
  expect(first).toMatchObject({ path: 'bronze/bad-1.log', function: 'dropped', deliveries: 3, error: 'cannot read it', created: expect.any(String) as string })
  expect((await running.call('POST', `/admin/poison/${first!.id}`)).status).toBe(202)
  await until('it is poison again, after as many tries', async () => (await list()).length === 2 && effects('tried bronze/bad-1.log').length === 6)
  writeFileSync(home.path('effects-mended'), '')
  const again = (await list()).find(({ path }) => path === 'bronze/bad-1.log')!
  expect((await running.call('POST', `/admin/poison/${again.id}`)).status).toBe(202)
  await seen('blob {"path":"bronze/bad-1.log"')
  expect((await running.call('DELETE', `/admin/poison/${second!.id}`)).status).toBe(204)
  expect(await list()).toEqual([])
  for (const id of [again.id, 'x', '']) expect((await running.call('POST', `/admin/poison/${id}`)).status).toBe(id === '' ? 400 : 404)
  expect((await fetch(`${running.url}/admin/poison`)).status).toBe(401)
})

test('a delivery that stop gave up is made again, and not counted', async () => {
  const first = (host = await startHostProcess('triggers', home, { storage: azurite.connectionString, args: ['--drain-ms', '100'] }))
  await put('slow.log')
  await seen('slow begins')
  expect(await first.stop()).toBe(0)
  const db = new DatabaseSync(`${home.state}/state.db`, { readOnly: true })
  expect(db.prepare("SELECT state, deliveries FROM blob_receipts").all()).toEqual([{ state: 'pending', deliveries: 0 }])
  db.close()
  await up({ RELEASE: '1' })
  await seen('blob {"path":"bronze/slow.log"')
})

test('receipts of versions that are gone from storage are forgotten', async () => {
  await up()
  await marker('one.log')
  await marker('two.log')
  await bronze.getBlobClient('one.log').delete()
  await put('two.log', 'a new version')
  const paths = () => {
    const db = new DatabaseSync(`${home.state}/state.db`, { readOnly: true })
    const rows = db.prepare('SELECT path FROM blob_receipts ORDER BY path').all() as { path: string }[]
    db.close()
    return rows.map(({ path }) => path)
  }
  await until('one receipt a version', () => paths().join() === 'bronze/two.log')
})

test('a delivery that was under way when the host was killed is made again', async () => {
  const running = await up()
  await put('slow.log')
  await seen('slow begins')
  await running.kill()
  await up({ RELEASE: '1' })
  await seen('blob {"path":"bronze/slow.log"')
  expect(effects('slow begins')).toHaveLength(2)
})

test('the Event Grid handshake is answered', async () => {
  const running = await up()
  const response = await fetch(`${running.url}${webhook}&code=${running.key}`, {
    method: 'POST',
    headers: { 'aeg-event-type': 'SubscriptionValidation' },
    body: JSON.stringify([{ eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', data: { validationCode: 'abc' } }]),
  })
  expect(await response.json()).toEqual({ validationResponse: 'abc' })
})

test('events of other kinds, containers and of _runs/ are taken and passed over', async () => {
  const running = await up()
  const etag = await put('_runs/x')
  const others = [
    created('_runs/x', etag),
    created('gone.log', etag, { eventType: 'Microsoft.Storage.BlobDeleted' }),
    created('x', etag, { subject: '/blobServices/default/containers/other/blobs/x' }),
  ]
  for (const events of others) expect((await running.call('POST', webhook, events)).status).toBe(202)
  await marker('after.log')
  expect(effects('blob ')).toHaveLength(1)
})

test.each([
  ['no key', webhook, {}, created('x', 'e'), 401],
  ['another function', `${webhook}x`, { key: true }, created('x', 'e'), 404],
  ['no function', '/runtime/webhooks/blobs', { key: true }, created('x', 'e'), 400],
  ['no events', webhook, { key: true }, { not: 'events' }, 400],
])('the webhook refuses a call with %s', async (_, path, { key }: { key?: boolean }, body, status) => {
  const running = await up()
  const response = await fetch(running.url + path, { method: 'POST', headers: key ? { 'x-functions-key': running.key } : {}, body: JSON.stringify(body) })
  expect(response.status).toBe(status)
})

test('timers fire by their schedule and at startup where they ask for it', async () => {
  await up()
  await until('two ticks', () => effects('often pastDue=false').length >= 2)
  expect(effects('eager')).toEqual(['eager pastDue=false last=0001'])
  expect(effects('yearly')).toEqual([])
})

test('a timer that was due while the host was down fires once, as past due', async () => {
  await up()
  await host?.stop()
  const db = new DatabaseSync(`${home.state}/state.db`)
  db.prepare("UPDATE timer_status SET last = ?, next = ? WHERE function = 'yearly'").run(Date.parse('2019-01-01T03:00:00Z'), Date.parse('2020-01-01T03:00:00Z'))
  db.close()
  await up()
  await seen('yearly pastDue=true last=2019')
  await host?.stop()
  await up()
  await until('the start', () => effects('eager').length >= 3)
  expect(effects('yearly')).toHaveLength(1)
})

test('an admin call starts a timer at once, and a blob function for a blob', async () => {
  const running = await up()
  await marker('kept.log')
  expect((await running.call('POST', '/admin/functions/yearly', {})).status).toBe(202)
  expect((await running.call('POST', '/admin/functions/dropped', { input: 'bronze/kept.log' })).status).toBe(202)
  await seen('yearly pastDue=false')
  await until('the blob again', () => effects('blob {"path":"bronze/kept.log"').length === 2)
  expect((await running.call('POST', '/admin/functions/nobody', {})).status).toBe(404)
  expect((await running.call('POST', '/admin/functions/open', {})).status).toBe(400)
  expect((await fetch(`${running.url}/admin/functions/yearly`, { method: 'POST' })).status).toBe(401)
})

test('storage that does not answer is logged once a container, and the rest of the app runs', async () => {
  host = await startHostProcess('triggers', home)
  await until('two ticks', () => effects('often').length >= 2)
  expect(host.log.filter(({ event }) => event === 'blob-poll-failed').map(({ container }) => container)).toEqual(['bronze', 'inbox'])
})
