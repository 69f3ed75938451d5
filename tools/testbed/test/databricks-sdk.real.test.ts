import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startWorkspaceDouble } from '../src/databricks/index.ts'
import { run, virtualEnvironment } from '../src/python/index.ts'

const file = (name: string): string => fileURLToPath(new URL(`../src/${name}`, import.meta.url))

test('the official client of Databricks finds in the double what it finds in a workspace', { timeout: 300_000 }, async () => {
  const python = await virtualEnvironment({ requirements: [file('python/requirements-databricks.txt')] })
  const double = await startWorkspaceDouble({ runner: async () => undefined })
  double.tokens.set('token', 'valid')
  double.forbidden.add('GET /api/2.1/clusters/get')
  try {
    const { code, output } = await run(python, [file('databricks/drive.py'), double.host, 'token'], { timeout: 120_000 })
    expect(code, output).toBe(0)
    expect(JSON.parse(output.trim().split('\n').at(-1)!)).toEqual({
      me: 'engineer@example.org',
      type: 'NOTEBOOK',
      objects: ['/Shared/sdk/notebook', '/Shared/sdk/other'],
      missing: 'ResourceDoesNotExist',
      secrets: ['key'],
      node: true,
      jobs: 25,
      named: true,
      settings: 'Standard_DS3_v2',
      same: true,
      run: ['SUCCESS', 'TERMINATED', 'SUCCESS'],
      runs: true,
      forbidden: 'PermissionDenied',
      wrong: 'Unauthenticated',
    })
  } finally {
    await double.close()
  }
})
