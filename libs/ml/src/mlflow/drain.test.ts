import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../test/mlflow-double.ts'
import { type Bench, createBench, outboxNames, trackedRun } from '../../test/tracked-run.ts'
import { createMlflowClient } from './client.ts'
import { type DrainOptions, drainOutbox, type Drained, LEASE_MS, MAX_REFUSALS } from './drain.ts'
import { takeLease } from './lease.ts'
import { enqueueTracking } from './outbox.ts'

const RUN = 'web-1-sshd-log-0a1b2c3d-0123456789ab'
const HOUR_MS = 3_600_000
const CURRENT = { name: 'logpipe-openssh', version: '0123456789abcdef' }
let bench: Bench
beforeEach(async () => {
  bench = await createBench()
})
afterEach(() => bench.close())

const client = () => createMlflowClient({ url: bench.double.url, experiment: 'logpipe' })
const drain = (options: Partial<DrainOptions> = {}, store = bench.store): Promise<Drained> =>
  drainOutbox(store, client(), { now: () => bench.nowMs, signal: AbortSignal.timeout(20_000), waitMs: 1, current: CURRENT, ...options })
const enqueue = async (...args: [runId?: string, over?: object]) => enqueueTracking(bench.store, await trackedRun(bench.store, ...args), bench.nowMs)

const activeRuns = () => [...bench.double.world.runs.values()].filter(({ deleted }) => !deleted)
const versions = () => bench.double.world.models.get(CURRENT.name)?.versions ?? []

/** One of everything, complete, and nothing left to do. */
async function expectTracked(): Promise<void> {
  const runs = activeRuns()
  expect(runs.map(({ name, status, end }) => ({ name, status, end }))).toEqual([{ name: RUN, status: 'FINISHED', end: Date.parse('2026-02-01T11:59:07Z') }])
  const [run] = runs
  expect(Object.fromEntries(run!.params)).toEqual({ method: 'ecod_right_tail', floor: '7' })
  expect([...run!.metrics].map(([key, values]) => [key, [...values].map((value) => (JSON.parse(value) as { value: number }).value)])).toEqual([['entities', [30]], ['flagged', [2]], ['drift.attempts', [0.125]]])
  expect(Object.fromEntries(run!.tags)).toMatchObject({ source: 'web-1/sshd.log', 'logpipe.run_id': run!.name })
  const root = `${run!.experiment}/${run!.id}/artifacts`
  expect(bench.double.world.artifacts.get(`${root}/model/model.json`)?.toString()).toBe('{"schema_version":1}')
  expect(bench.double.world.artifacts.get(`${root}/model/model_values.json`)?.toString()).toBe('{"feature":"attempts"}\n')
  expect(versions()).toMatchObject([{ source: `mlflow-artifacts:/${root}/model`, runId: run!.id }])
  expect(versions()[0]!.tags.get('logpipe.model_version')).toBe('0123456789abcdef')
  expect(bench.double.world.models.get(CURRENT.name)!.aliases.get('current')).toBe(String(versions()[0]!.version))
  expect(await outboxNames(bench.store)).toEqual([])
}

describe('one MLflow run and one model version', () => {
  test('of a run that is tracked', async () => {
    await enqueue()
    expect(await drain()).toEqual({ tracked: [RUN], waiting: [], givenUp: [], reason: null })
    await expectTracked()
  })

  test('of a run that is tracked again: nothing is written', async () => {
    await enqueue()
    await drain()
    const before = bench.double.calls.length
    await enqueue()
    await drain()
    await expectTracked()
    expect(bench.double.calls.slice(before)).toEqual(['GET /experiments/get-by-name', 'POST /runs/search', 'POST /runs/search'])
  })

  test('with nothing to do MLflow is not called', async () => {
    await enqueue()
    await drain()
    const before = bench.double.calls.length
    await drain()
    expect(bench.double.calls.length).toBe(before)
  })

  test('of a run that many track at once', async () => {
    await Promise.all(Array.from({ length: 6 }, async () => {
      await enqueue()
      await drain()
    }))
    await expectTracked()
    expect(bench.double.world.runs.size).toBe(1)
  })

  test('of another result of the same run: a second MLflow run', async () => {
    await enqueue()
    await enqueue(undefined, { params: { method: 'another' } })
    await drain()
    expect(activeRuns().map(({ params }) => params.get('method')).sort()).toEqual(['another', 'ecod_right_tail'])
    expect(versions().length).toBe(1)
  })

  test('when the experiment and the model come into being meanwhile', async () => {
    const { world } = bench.double
    bench.double.fault = (call) => {
      if (call === 'POST /experiments/create') world.experiments.set('logpipe', '77')
      if (call === 'POST /registered-models/create') world.models.set(CURRENT.name, { versions: [], aliases: new Map(), last: 4 })
      return null
    }
    await enqueue()
    await drain()
    await expectTracked()
    expect(activeRuns()[0]!.experiment).toBe('77')
    expect(versions()[0]!.version).toBe(5)
  })

  test('when a create is carried out only after it was tried again', async () => {
    const once = new Set(['POST /runs/create', 'POST /model-versions/create'])
    bench.double.fault = (call): Fault => (once.delete(call) ? 'late' : null)
    await enqueue()
    await drain()
    expect(bench.double.world.runs.size).toBe(2)
    await expectTracked()
  })
})

/** Of a whole drain. */
const CALLS = 16
describe('a fault at any call', () => {
  test('there are as many calls as are swept', async () => {
    await enqueue()
    await drain()
    expect(bench.double.calls).toHaveLength(CALLS)
  })

  const faults: Fault[] = ['drop', 'dropAfter', 'busy']
  test.each(faults.flatMap((fault) => Array.from({ length: CALLS }, (_, at) => [fault, at] as const)))('%s at call %i: a quick try later all is there', async (fault, at) => {
    bench.double.fault = (_call, index) => (index === at ? fault : null)
    await enqueue()
    await drain()
    await expectTracked()
  })

  test.each((['drop', 'dropAfter'] as Fault[]).flatMap((fault) => Array.from({ length: CALLS }, (_, at) => [fault, at] as const)))(
    'the worker dies (%s at call %i): the next one ends it when the lease is over',
    async (fault, at) => {
      await enqueue()
      let dead = false
      bench.double.fault = (_call, index) => {
        dead = index >= at
        return dead ? (index === at ? fault : 'drop') : null
      }
      // A dead worker writes nothing any more, not even that it failed.
      const store = new Proxy(bench.store, {
        get: (target, name: keyof typeof bench.store) => (dead ? () => { throw new Error('dead') } : target[name]),
      })
      await expect(drain({}, store)).rejects.toThrow('dead')
      bench.double.fault = () => null
      expect((await drain({ signal: AbortSignal.timeout(30) })).waiting).toHaveLength((await outboxNames(bench.store)).length)
      bench.nowMs += LEASE_MS + 1
      await drain()
      await expectTracked()
    },
  )
})

describe('MLflow is down', () => {
  test('the entry stays with the reason, however long, and goes when MLflow is back', async () => {
    await enqueue()
    bench.double.fault = () => 'drop'
    for (let day = 0; day < 3 * MAX_REFUSALS; day += 1) {
      expect(await drain()).toMatchObject({ tracked: [], waiting: [RUN], givenUp: [], reason: expect.stringContaining('MLflow does not answer') as string })
      bench.nowMs += 24 * HOUR_MS
    }
    bench.double.fault = () => null
    expect(await drain()).toEqual({ tracked: [RUN], waiting: [], givenUp: [], reason: null })
    await expectTracked()
  })

  test('it is left alone for a while, longer when it says so', async () => {
    await enqueue()
    bench.double.fault = () => 'drop'
    await drain()
    const before = bench.double.calls.length
    bench.nowMs += 30_000
    expect(await drain()).toMatchObject({ waiting: [RUN], reason: expect.stringContaining('MLflow does not answer') as string })
    expect(bench.double.calls.length).toBe(before)
  })

  test('an entry that brings it down holds up no other', async () => {
    await enqueue('a', { params: { poison: 'x' } })
    bench.nowMs += 1
    await enqueue('b')
    bench.double.fault = (call) => (call === 'POST /runs/log-batch' && ![...bench.double.world.runs.values()].some(({ name }) => name === 'b') ? 'drop' : null)
    expect((await drain()).tracked).toEqual([])
    bench.nowMs += 61_000
    expect((await drain()).tracked).toContain('b')
  })

  test('another server that speaks JSON is a wrong setting, and costs no entry a try', async () => {
    await enqueue()
    bench.double.world.experiments.set('logpipe', 7 as never)
    expect(await drain()).toMatchObject({ waiting: [RUN], reason: expect.stringContaining('does not speak MLflow') as string })
  })

  test('a drain ends in time, whatever MLflow does', async () => {
    await enqueue()
    bench.double.fault = () => 'late'
    expect(await drain({ signal: AbortSignal.timeout(100) })).toMatchObject({ tracked: [], waiting: [RUN] })
  })
})

describe('order', () => {
  test('oldest first', async () => {
    for (const runId of ['c', 'a', 'b']) {
      await enqueue(runId)
      bench.nowMs += 1
    }
    expect((await drain()).tracked).toEqual(['c', 'a', 'b'])
  })

  test('what is refused lets the next one pass, is tried again, then given up with its reason; enqueued again it gets new tries', async () => {
    await enqueue('a')
    bench.nowMs += 1
    await enqueue('b', { artifacts: [], model: null })
    await bench.store.remove({ container: 'pipeline', name: 'models/openssh/versions/0123456789abcdef/model.json' })
    expect(await drain()).toMatchObject({ tracked: ['b'], waiting: ['a'], givenUp: [] })
    for (let tries = 1; tries < MAX_REFUSALS; tries += 1) {
      bench.nowMs += HOUR_MS
      await drain()
    }
    bench.nowMs += HOUR_MS
    const before = bench.double.calls.length
    expect(await drain({ current: null })).toMatchObject({ waiting: [], givenUp: ['a'] })
    expect(bench.double.calls.length).toBe(before)
    const [name] = await outboxNames(bench.store)
    const body = (await bench.store.readSmall({ container: 'pipeline', name: name! }))!.body
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({ state: 'given_up', refusals: MAX_REFUSALS, reason: expect.stringContaining('An output is missing') as string })

    await enqueue('a')
    expect(await drain()).toMatchObject({ tracked: ['a'], givenUp: [] })
  })

  test('an entry that cannot be read stays and holds up nothing', async () => {
    await bench.store.put({ container: 'pipeline', name: 'outbox/mlflow/x.json' }, Buffer.from('{"schema":"logpipe/mlflow-outbox/9"}'))
    await enqueue()
    expect(await drain()).toMatchObject({ tracked: [RUN], waiting: ['x'] })
  })
})

test('the alias follows the registry, also back', async () => {
  const other = 'fedcba9876543210'
  await enqueue('a')
  await enqueue('b', { model: { ...CURRENT, version: other, path: 'model' } })
  await drain()
  const alias = () => bench.double.world.models.get(CURRENT.name)!.aliases.get('current')
  const numberOf = (id: string) => String(versions().find(({ tags }) => tags.get('logpipe.model_version') === id)!.version)
  for (const version of [CURRENT.version, other, CURRENT.version]) {
    await drain({ current: { name: CURRENT.name, version } })
    expect(alias()).toBe(numberOf(version))
  }
})

test('one lease at a time', async () => {
  const taken = await Promise.all(Array.from({ length: 8 }, () => takeLease(bench.store, bench.nowMs, bench.nowMs + LEASE_MS)))
  expect(taken.filter((held) => held !== null)).toHaveLength(1)
  expect(await takeLease(bench.store, bench.nowMs + LEASE_MS - 1, 0)).toBeNull()
  expect(await takeLease(bench.store, bench.nowMs + LEASE_MS, 0)).not.toBeNull()
})
