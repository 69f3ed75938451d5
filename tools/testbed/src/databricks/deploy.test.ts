import { createDatabricksClient, deploy, type Deployment, planDeployment } from '@logpipe/databricks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startWorkspaceDouble, type WorkspaceDouble } from './index.ts'

const options = {
  environment: 'dev', sparkVersion: '13.3.x-scala2.12', nodeTypes: ['Standard_DS3_v2', 'Standard_D4ds_v5'], workers: 2, spot: false, serverless: false,
  secretScope: 'logpipe', secretKey: 'storage-key', scheme: 'abfss', blobEndpoint: '', costCentre: 'security', timeoutSeconds: 7200,
  nodeHourPrice: 0.5, runsPerDay: 100, maxBytes: 1000,
} as const
const files = [
  { path: 'run_layer.py', text: 'print()\n', kind: 'file' },
  { path: 'layers/gold.json', text: '{}\n', kind: 'file' },
  ...['bronze', 'silver', 'gold', 'ml'].map((layer) => ({ path: `notebooks/${layer}`, text: '# Databricks notebook source\n', kind: 'notebook' as const })),
] as const
const deployment: Deployment = { options, account: 'acme', files, hash: 'abc' }

let double: WorkspaceDouble
beforeEach(async () => {
  double = await startWorkspaceDouble({ runner: async () => undefined })
  double.tokens.set('t', 'valid')
  double.world.scopes.set('logpipe', new Map([['storage-key', 'k']]))
})
afterEach(() => double.close())

const client = () => createDatabricksClient({ host: double.host, token: 't', firstWaitMs: 1 })
const plan = async (changed: Partial<Deployment> = {}) => (await planDeployment(client(), { ...deployment, ...changed })).plan
const writes = () => double.requests.filter(({ call }) => call.startsWith('POST')).length

describe('deploy', () => {
  test('the plan writes nothing, the deployment what was planned, and a second one finds nothing to do', async () => {
    const planned = await plan()
    expect(planned.steps.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      'secret keep', ...Array<string>(3).fill('folder create'), 'file create', 'file create', ...Array<string>(4).fill('notebook create'), ...Array<string>(4).fill('job create'),
    ])
    expect(writes()).toBe(0)
    const done: string[] = []
    await deploy(client(), deployment, ({ name }) => done.push(name))
    expect(done).toHaveLength(planned.changes)
    expect([...double.world.jobs.values()].map(({ name }) => name)).toEqual(['logpipe-bronze-dev', 'logpipe-silver-dev', 'logpipe-gold-dev', 'logpipe-ml-dev'])
    const before = writes()
    expect(await deploy(client(), deployment)).toMatchObject({ changes: 0 })
    expect(writes()).toBe(before)
  })

  test('the jobs are made as the plan says', async () => {
    await deploy(client(), deployment)
    expect([...double.world.jobs.values()][2]).toMatchObject({
      tags: { logpipe: 'dev/gold', cost_centre: 'security' },
      tasks: [{ notebook_task: { notebook_path: '/Workspace/Shared/logpipe/dev/abc/notebooks/gold' } }],
      job_clusters: [{ new_cluster: { spark_version: '13.3.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 2, spark_env_vars: { LOGPIPE_STORAGE_KEY: '{{secrets/logpipe/storage-key}}' } } }],
    })
  })

  test('what was changed there is mended, and only that', async () => {
    await deploy(client(), deployment)
    await client().importFile('/Shared/logpipe/dev/abc/run_layer.py', 'other')
    const [jobId, spec] = [...double.world.jobs][1]!
    double.world.jobs.set(jobId, { ...spec, timeout_seconds: 5 })
    const changed = (await plan()).steps.filter(({ action }) => action !== 'keep')
    expect(changed).toEqual([
      { kind: 'file', name: '/Workspace/Shared/logpipe/dev/abc/run_layer.py', action: 'update' },
      { kind: 'job', name: 'logpipe-silver-dev', action: 'update' },
    ])
    await deploy(client(), deployment)
    expect((await plan()).changes).toBe(0)
  })

  test('a new version of the pipeline has its own folder; the jobs are moved to it', async () => {
    await deploy(client(), deployment)
    const moved = await plan({ hash: 'def' })
    expect(moved.folder).toBe('/Workspace/Shared/logpipe/dev/def')
    expect(moved.steps.filter(({ kind }) => kind === 'job').map(({ action }) => action)).toEqual(Array(4).fill('update'))
  })

  test('serverless takes no cluster', async () => {
    await deploy(client(), { ...deployment, options: { ...options, serverless: true } })
    expect([...double.world.jobs.values()].every(({ job_clusters: clusters, environments }) => clusters === undefined && environments?.length === 1)).toBe(true)
  })

  test('a lost answer to the making of a job makes no second one', async () => {
    let left = 1
    double.meddle = ({ call }) => (call.endsWith('create') && (left -= 1) >= 0 ? 'answer lost' : null)
    await deploy(client(), deployment)
    expect(double.world.jobs.size).toBe(4)
  })
})

test('the plan tells cost, limits, and what is at its end', async () => {
  expect(await plan()).toMatchObject({
    cost: { perHour: 1.5, perSmallRun: 0.72, mostPerDay: 72 },
    limits: { runsPerDay: 100, maxBytes: 1000 },
    warnings: [expect.stringMatching(/13\.3\.x.*16\.4/), expect.stringMatching(/Standard_DS3_v2.*Standard_D4ds_v5/), expect.stringMatching(/autotermination_minutes/)],
  })
})

describe('bad input', () => {
  test('a secret that is not there', async () => {
    double.world.scopes.clear()
    expect((await plan()).steps[0]).toEqual({ kind: 'secret', name: 'logpipe/storage-key', action: 'missing' })
    await expect(deploy(client(), deployment)).rejects.toMatchObject({ code: 'DATABRICKS_SECRET_MISSING' })
    expect(writes()).toBe(0)
  })

  test('a node type that the workspace has not', async () => {
    await expect(plan({ options: { ...options, nodeTypes: ['Standard_X'] } })).rejects.toMatchObject({ code: 'DATABRICKS_NODE_TYPE_UNKNOWN' })
  })

  test('another job of the same name', async () => {
    await deploy(client(), deployment)
    double.world.jobs.set(1, [...double.world.jobs.values()][0]!)
    await expect(plan()).rejects.toMatchObject({ code: 'DATABRICKS_REJECTED' })
  })
})
