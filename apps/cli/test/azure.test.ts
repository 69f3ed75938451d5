import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Azurite, startAzurite } from '@logpipe/azurite'
import type { Report } from '@logpipe/core'
import { connectBlobService, createBlobStore } from '@logpipe/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHost } from '../src/target/embedded.ts'
import { useHome } from './logpipe.ts'

// Azurite stands for the account that exists already: nothing here knows the difference but the address.
const home = useHome()
let account: Azurite
const log = (host: string): string => `Jan  5 10:00:00 ${host} sshd[7]: Failed password for root from 192.0.2.7 port 50022 ssh2\n`

async function logpipe<Data>(words: string[], env: Record<string, string> = {}): Promise<{ code: number | null; data: Data; error: { code: string } }> {
  const { code, stdout } = await home.start([...words, '--json'], { LOGPIPE_STORAGE: account.connection, ...env }).ended
  return { code, ...(JSON.parse(stdout) as { data: Data; error: { code: string } }) }
}

beforeAll(async () => {
  account = await startAzurite({ dir: join(home.dir, 'account') })
  expect((await logpipe(['storage', 'init'])).code).toBe(0)
})
afterAll(() => account.stop())

test('without a function app the command runs the pipeline itself, and only what it was asked to run', async () => {
  const store = createBlobStore(await connectBlobService(account.connection))
  await store.put({ container: 'bronze', name: 'of-somebody-else.log' }, Buffer.from(log('web-2')))
  await writeFile(join(home.dir, 'one.log'), log('web-1'))
  const ran = await logpipe<Report>(['run', join(home.dir, 'one.log'), '--target', 'azure'])
  expect(ran).toMatchObject({ code: 0, data: { status: 'succeeded', target: 'azure', trigger: 'http', source: { name: 'one.log' } } })

  const listed = await logpipe<{ runId: string }[]>(['--target', 'azure', 'runs', 'list'])
  expect(listed.data.map(({ runId }) => runId)).toEqual([ran.data.runId])
  expect(await logpipe(['validate'], { LOGPIPE_TARGET: 'azure' })).toMatchObject({ code: 0, data: { runId: ran.data.runId, passed: true } })
  // The target of this machine knows nothing of it.
  expect((await logpipe<unknown[]>(['runs', 'list'])).data).toEqual([])
})

test('with a function app the command asks it, and follows the record', async () => {
  const host = await startHost(join(home.dir, 'app'), 0, account.connection, { LOGPIPE_TARGET: 'azure', 'AzureWebJobs.sourceDropped.Disabled': 'true', 'AzureWebJobs.sourcesWithoutRun.Disabled': 'true' })
  try {
    const app = { LOGPIPE_TARGET: 'azure', LOGPIPE_FUNCTIONS_URL: host.ready.url, LOGPIPE_FUNCTIONS_KEY: host.ready.functionKey }
    await writeFile(join(home.dir, 'two.log'), log('web-3'))
    expect(await logpipe(['run', join(home.dir, 'two.log')], app)).toMatchObject({ code: 0, data: { status: 'succeeded', trigger: 'http', source: { name: 'two.log' } } })
    expect(await logpipe(['run', join(home.dir, 'two.log')], { ...app, LOGPIPE_FUNCTIONS_KEY: 'wrong' })).toMatchObject({ code: 5, error: { code: 'FUNCTIONS_REFUSED' } })
  } finally {
    await host.stop()
  }
  expect(await logpipe(['run', join(home.dir, 'two.log')], { LOGPIPE_TARGET: 'azure', LOGPIPE_FUNCTIONS_URL: host.ready.url })).toMatchObject({ code: 3, error: { code: 'FUNCTIONS_UNREACHABLE' } })
})

test('what the account is must be said', async () => {
  expect(await logpipe(['runs', 'list', '--target', 'azure'], { LOGPIPE_STORAGE: '' })).toMatchObject({ code: 2, error: { code: 'CONFIG_NOT_VALID' } })
  expect(await logpipe(['runs', 'list', '--target', 'moon'])).toMatchObject({ code: 2, error: { code: 'USAGE' } })
})
