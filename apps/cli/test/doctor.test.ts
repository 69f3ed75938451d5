import { once } from 'node:events'
import { utimes, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startAzurite } from '@logpipe/azurite'
import { connectBlobService, createBlobStore } from '@logpipe/storage'
import type { Examined, PreflightCheck } from '@logpipe/validation'
import { expect, test } from 'vitest'
import { definitionCheck, installCheck, memoryCheck, nodeCheck, workFolderCheck } from '../src/doctor/machine.ts'
import { useHome } from './logpipe.ts'

const home = useHome()
const look = async (check: PreflightCheck) => check.look(new AbortController().signal)

async function doctor(words: string[], env: Record<string, string> = {}): Promise<{ code: number | null; healthy: boolean; checks: Record<string, Examined> }> {
  const { code, stdout } = await home.start(['doctor', ...words, '--json'], env).ended
  const { healthy, checks } = (JSON.parse(stdout) as { data: { healthy: boolean; checks: Examined[] } }).data
  return { code, healthy, checks: Object.fromEntries(checks.map((check) => [check.id, check])) }
}
const coded = (code: string, fix: string) => ({ status: 'failed', seen: expect.stringContaining(code) as string, fix: expect.stringContaining(fix) as string })

async function withServer(answer: (server: Server) => void, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer()
  answer(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test('this machine is ready, and is left as it was', async () => {
  const { code, healthy, checks } = await doctor([])
  expect({ code, healthy }).toEqual({ code: 0, healthy: true })
  expect(Object.keys(checks)).toEqual(['node', 'install', 'definition', 'config', 'memory', 'work-folder', 'storage', 'storage-login', 'clock', 'functions', 'mlflow'])
  expect((await home.logpipe('doctor')).stdout).toContain('Ready for the embedded target.')
})

test('what is wrong on this machine', async () => {
  expect(await look(nodeCheck('v20.20.0'))).toMatchObject(coded('v20.20.0', 'Install Node 24'))
  expect(await look(nodeCheck('v22.19.0'))).toMatchObject({ status: 'ok' })
  expect(await look(memoryCheck(2 ** 30))).toMatchObject({ status: 'warning', fix: expect.stringContaining('LOGPIPE_MEMORY_LIMIT') as string })

  const [older, newer] = [join(home.dir, 'older'), join(home.dir, 'newer')]
  await writeFile(older, '')
  await writeFile(newer, '')
  await utimes(older, 1, 1)
  expect(await look(installCheck(newer, older))).toMatchObject({ status: 'warning', fix: 'npm ci' })
  expect(await look(installCheck(older, newer))).toMatchObject({ status: 'ok' })
  expect(await look(installCheck(older, join(home.dir, 'nowhere')))).toMatchObject({ status: 'failed', fix: 'npm ci' })

  await expect(look(definitionCheck(join(home.dir, 'nowhere')))).rejects.toMatchObject({ code: 'CATALOGUE_NOT_VALID' })
  expect(await look(workFolderCheck(join(home.dir, 'w'), Number.MAX_SAFE_INTEGER))).toMatchObject({ status: 'warning' })
  await writeFile(join(home.dir, 'file'), '')
  expect(await look(workFolderCheck(join(home.dir, 'file', 'below')))).toMatchObject(coded('ENOTDIR', 'LOGPIPE_HOME'))
})

test('all faults of the settings at once', async () => {
  const { code, checks } = await doctor([], { LOGPIPE_STAGE_ATTEMPTS: '99', LOGPIPE_THREADS: 'many' })
  expect(code).toBe(3)
  expect(checks['config']).toMatchObject(coded('stageAttempts', 'logpipe.config.yaml'))
  expect(checks['config']?.seen).toContain('duckdb.threads')
})

test('storage: missing containers are mended by the printed command, a wrong key and a dead account are named', async () => {
  const account = await startAzurite({ dir: join(home.dir, 'account') })
  const at = (connection: string) => ({ LOGPIPE_STORAGE: connection, LOGPIPE_TARGET: 'azure' })
  try {
    expect((await doctor([], at(account.connection))).checks['storage']).toMatchObject({ status: 'failed', fix: 'npx logpipe storage init', seen: expect.stringContaining('bronze, silver, gold, pipeline') as string })
    await home.start(['storage', 'init'], at(account.connection)).ended
    const mended = await doctor(['--target', 'azure'], at(account.connection))
    expect(mended).toMatchObject({ code: 0, checks: { storage: { status: 'ok' }, 'storage-login': { status: 'ok' }, clock: { status: 'ok' } } })

    const wrong = account.connection.replace(/AccountKey=[^;]+/, `AccountKey=${Buffer.from('wrong').toString('base64')}`)
    const refused = await doctor([], at(wrong))
    expect(refused.checks['storage']).toMatchObject(coded('STORAGE_REFUSED', 'LOGPIPE_STORAGE'))
    expect(JSON.stringify(refused)).not.toContain('AccountKey')
    // Looking changed nothing.
    expect(await createBlobStore(await connectBlobService(account.connection)).missingContainers()).toEqual([])
  } finally {
    await account.stop()
  }
  expect((await doctor([], at(account.connection))).checks).toMatchObject({ storage: coded('STORAGE_UNREACHABLE', 'is up'), clock: { status: 'skipped' } })
  expect((await doctor([], at('nonsense'))).checks['storage']).toMatchObject(coded('STORAGE_SETTING_WRONG', 'connection string'))
})

test('a clock that is wrong', async () => {
  await withServer(
    (server) => server.on('request', (_request, response) => response.writeHead(400, { date: new Date(Date.now() - 20 * 60_000).toUTCString() }).end()),
    async (url) => {
      const account = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=${url}/a`
      expect((await doctor([], { LOGPIPE_TARGET: 'azure', LOGPIPE_STORAGE: account })).checks['clock']).toMatchObject({ status: 'failed', seen: expect.stringMatching(/^1(19|20)\d s ahead/) as string, fix: expect.stringContaining('timedatectl') as string })
    },
  )
})

test('the functions app and MLflow', async () => {
  const azure = { LOGPIPE_TARGET: 'azure', LOGPIPE_STORAGE: 'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a' }
  await withServer(
    (server) =>
      server.on('request', (request, response) => {
        const status = request.url === '/health' ? 500 : request.headers['x-functions-key'] === 'right' ? 400 : 401
        response.writeHead(status).end()
      }),
    async (url) => {
      const refused = await doctor([], { ...azure, LOGPIPE_FUNCTIONS_URL: url, LOGPIPE_FUNCTIONS_KEY: 'wrong', LOGPIPE_MLFLOW_URL: url })
      expect(refused.checks).toMatchObject({ functions: coded('FUNCTIONS_REFUSED', 'az functionapp keys list'), mlflow: coded('answered 500', 'Bring the server up') })
      expect((await doctor([], { ...azure, LOGPIPE_FUNCTIONS_URL: url, LOGPIPE_FUNCTIONS_KEY: 'right' })).checks['functions']).toMatchObject({ status: 'ok' })
    },
  )
  expect((await doctor([], { ...azure, LOGPIPE_FUNCTIONS_URL: 'http://127.0.0.1:1' })).checks['functions']).toMatchObject(coded('FUNCTIONS_UNREACHABLE', 'LOGPIPE_FUNCTIONS_URL'))
})
