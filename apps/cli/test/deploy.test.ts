import { startWorkspaceDouble, type WorkspaceDouble } from '@logpipe/testbed/databricks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useHome } from './logpipe.ts'

const TOKEN = 'canary-databricks-token'
const home = useHome()
let double: WorkspaceDouble
beforeAll(async () => {
  double = await startWorkspaceDouble({ runner: async () => undefined })
  double.tokens.set(TOKEN, 'valid')
  double.world.scopes.set('logpipe', new Map([['storage-key', 'k']]))
})
afterAll(() => double.close())

const CONNECTION = 'DefaultEndpointsProtocol=http;AccountName=acme;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/acme;'
async function deployed(words: string[] = [], env: Record<string, string> = {}) {
  const ended = await home.start(['deploy', 'databricks', ...words], { LOGPIPE_STORAGE: CONNECTION, DATABRICKS_HOST: double.host, DATABRICKS_TOKEN: TOKEN, ...env }).ended
  expect(ended.stdout + ended.stderr).not.toMatch(/canary|a2V5/)
  return ended
}

test('planned, made, and then there is nothing to do', async () => {
  const planned = await deployed(['--plan', '--json'])
  expect(planned.code).toBe(0)
  const { data } = JSON.parse(planned.stdout) as { data: { changes: number; applied: boolean; steps: { kind: string }[] } }
  expect(data).toMatchObject({ applied: false, changes: data.steps.length - 1 })
  expect(double.world.jobs.size).toBe(0)

  const made = await deployed()
  expect(made.stdout).toContain(`${data.changes} changes made.`)
  expect(made.stderr).toContain('created job logpipe-ml-dev')
  expect((await deployed()).stdout).toContain('No changes.')
  expect(double.world.jobs.size).toBe(4)
}, 60_000)

test.each([
  ['no workspace', { DATABRICKS_HOST: '' }, 2, 'DATABRICKS_SETTING_WRONG'],
  ['a host in plain http', { DATABRICKS_HOST: 'http://adb-1.example.org' }, 2, 'DATABRICKS_SETTING_WRONG'],
  ['a wrong token', { DATABRICKS_TOKEN: 'canary-wrong' }, 5, 'DATABRICKS_LOGIN_REFUSED'],
])('%s', async (_what, env, code, error) => {
  const ended = await deployed(['--json'], env)
  expect(ended.code).toBe(code)
  expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: { code: error, fix: expect.any(String) as string } })
}, 30_000)
