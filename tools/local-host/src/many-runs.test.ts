import { afterEach, beforeEach, expect, test } from 'vitest'
import { startHostProcess, tempHome } from '../test/host-process.ts'
import { fillWithRuns, stateSize } from '../test/many-runs.ts'
import { until } from '../test/wait.ts'

let home: ReturnType<typeof tempHome>
beforeEach(() => {
  home = tempHome()
})
afterEach(() => home.remove())

test('an ended run is one row and one packed history, of a few KB', async () => {
  await fillWithRuns(home, 300)
  const size = stateSize(home)
  expect(size).toMatchObject({ runs: 300, openHistory: 0, packed: 300 })
  expect(size.bytesPerRun).toBeLessThan(8 * 1024)
})

test('the history of an ended run is shown in full', async () => {
  await fillWithRuns(home, 3)
  const host = await startHostProcess('durable', home)
  const { historyEvents } = await host.status('model-2', 'showHistory=true&showHistoryOutput=true')
  await host.stop()
  expect(historyEvents!.filter(({ EventType }) => EventType === 'TaskCompleted')).toHaveLength(10)
  expect(historyEvents!.at(-1)).toMatchObject({ EventType: 'ExecutionCompleted', Result: { status: 'succeeded' } })
})

test('many old runs go in batches, and the host serves meanwhile', async () => {
  await fillWithRuns(home, 1000, 3 * 86_400_000)
  const host = await startHostProcess('durable', home, { args: ['--keep-days', '2'] })
  expect((await host.call('POST', '/api/start/echoes?id=now', 1)).status).toBe(202)
  await until('the last batch', () => host.log.filter(({ event }) => event === 'history-purged').reduce((sum, { count }) => sum + Number(count), 0) === 999)
  await until('the end', async () => (await host.status('now')).runtimeStatus === 'Completed')
  await host.stop()
  expect(stateSize(home)).toMatchObject({ runs: 2, openHistory: 0, packed: 2 })
})
