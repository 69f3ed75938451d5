import { createDatabricksClient } from '@logpipe/databricks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startWorkspaceDouble, type WorkspaceDouble } from './index.ts'

const TOKEN = 'canary-databricks-token'
const CLUSTER = { spark_version: '13.3.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 2 }
const spec = (name: string, cluster: object = CLUSTER) => ({
  name,
  tasks: [{ task_key: 'layer', notebook_task: { notebook_path: '/Workspace/Shared/a/notebook' }, new_cluster: cluster }],
  parameters: [{ name: 'task', default: '' }],
})

let double: WorkspaceDouble
beforeEach(async () => {
  double = await startWorkspaceDouble({ runner: async () => undefined })
  double.tokens.set(TOKEN, 'valid')
})
afterEach(() => double.close())

const client = (token = TOKEN) => createDatabricksClient({ host: double.host, token, firstWaitMs: 1 })
const calls = (name: string) => double.requests.filter(({ call }) => call.endsWith(name)).length

test('files and notebooks come back as they went up', async () => {
  await client().mkdirs('/Workspace/Shared/a/layers')
  await client().importFile('/Workspace/Shared/a/layers/bronze.json', '{"ä": 1}')
  await client().importNotebook('/Workspace/Shared/a/notebook', '# Databricks notebook source\n')
  expect(await client().export('/Workspace/Shared/a/layers/bronze.json')).toBe('{"ä": 1}')
  expect(await client().status('/Workspace/Shared/a/notebook')).toMatchObject({ object_type: 'NOTEBOOK' })
  expect((await client().list('/Workspace/Shared/a')).map(({ path }) => path)).toEqual(['/Shared/a/layers', '/Shared/a/notebook'])
  expect(await client().export('/Workspace/Shared/a/nothing')).toBeNull()
  expect(await client().status('/Workspace/Shared/a/nothing')).toBeNull()
})

test('lists are read over all their pages', async () => {
  await client().mkdirs('/Shared/a')
  await client().importNotebook('/Shared/a/notebook', '')
  const jobs = await Promise.all(Array.from({ length: 130 }, () => client().createJob(spec('same'))))
  await client().createJob(spec('Same'))
  expect(await client().jobsByName('same')).toHaveLength(130)
  for (let i = 0; i < 60; i += 1) await client().runNow(jobs[0]!, `t${i}`, {})
  expect(await client().runsSince(jobs[0]!, 0)).toBe(60)
})

test('one token is one run, however often it is asked for', async () => {
  const job = await client().createJob(spec('a'))
  const first = await client().runNow(job, 'token', { task: 'x' })
  expect(await client().runNow(job, 'token', { task: 'x' })).toBe(first)
  expect(double.world.runs.size).toBe(1)
})

describe('short faults', () => {
  test.each([429, 503, 'dropped', 'answer lost'] as const)('%s: the call is repeated, the run is one', async (fault) => {
    const job = await client().createJob(spec('a'))
    let left = 3
    double.meddle = ({ call }) => (call.endsWith('run-now') && (left -= 1) >= 0 ? fault : null)
    await client().runNow(job, 'token', {})
    expect(calls('run-now')).toBe(4)
    expect(double.world.runs.size).toBe(1)
  })

  test.each([
    [429, 'DATABRICKS_THROTTLED'],
    [503, 'DATABRICKS_UNREACHABLE'],
    ['dropped', 'DATABRICKS_UNREACHABLE'],
  ] as const)('%s that stays is %s after five tries', async (fault, code) => {
    double.meddle = () => fault
    await expect(client().me()).rejects.toMatchObject({ code })
    expect(double.requests).toHaveLength(5)
  })

  test('a job is not created again where the answer was lost', async () => {
    double.meddle = ({ call }) => (call.endsWith('create') ? 'answer lost' : null)
    await expect(client().createJob(spec('a'))).rejects.toMatchObject({ code: 'DATABRICKS_UNREACHABLE' })
    expect(double.world.jobs.size).toBe(1)
  })
})

describe('what the workspace refuses', () => {
  test.each([
    ['a field it does not know', { ...CLUSTER, colour: 'blue' }, /colour/],
    ['auto-termination of a job cluster', { ...CLUSTER, autotermination_minutes: 30 }, /autotermination_minutes/],
    ['an unknown node type', { ...CLUSTER, node_type_id: 'Standard_X' }, /Standard_X/],
  ])('%s', async (_what, cluster, message) => {
    await expect(client().createJob(spec('a', cluster))).rejects.toMatchObject({ code: 'DATABRICKS_REJECTED', message: expect.stringMatching(message) as string })
  })

  test('an expired token, without repeating it', async () => {
    double.tokens.set(TOKEN, 'expired')
    const refused = client().me()
    await expect(refused).rejects.toMatchObject({ code: 'DATABRICKS_LOGIN_REFUSED' })
    await expect(refused).rejects.not.toThrow(TOKEN)
    expect(double.requests).toHaveLength(1)
  })

  test('what the identity may not do', async () => {
    double.forbidden.add('POST /api/2.2/jobs/create')
    await expect(client().createJob(spec('a'))).rejects.toMatchObject({ code: 'DATABRICKS_FORBIDDEN', message: expect.stringContaining('jobs/create') as string })
  })

  test('an idempotency token that is too long', async () => {
    const job = await client().createJob(spec('a'))
    await expect(client().runNow(job, 'x'.repeat(65), {})).rejects.toMatchObject({ code: 'DATABRICKS_REJECTED' })
  })
})
