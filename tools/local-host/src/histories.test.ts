import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHostProcess, tempHome } from '../test/host-process.ts'
import { until } from '../test/wait.ts'
import { createHistoryCheck, readHistory, type RecordedHistory } from './histories.ts'

const inputs: [name: string, input: unknown, turns: number][] = [
  ['echoes', { deep: ['x'] }, 6],
  ['fanOut', 4, 9],
  ['retries', { key: 'checked', failures: 2, attempts: 3 }, 8],
  ['throws', null, 2],
  ['approval', 30, 2],
  ['parent', null, 6],
  ['race', null, 5],
]
const home = tempHome()
let check: Awaited<ReturnType<typeof createHistoryCheck>>
const histories = new Map<string, RecordedHistory>()

beforeAll(async () => {
  const host = await startHostProcess('durable', home)
  for (const [name, input] of inputs) await host.call('POST', `/api/start/${name}?id=${name}`, input)
  for (const [name] of inputs) await until(name, async () => !['Pending', 'Running'].includes((await host.status(name)).runtimeStatus))
  for (const [name] of inputs) histories.set(name, readHistory(home.state, name))
  await host.stop()
  process.env['EFFECTS'] = home.path('effects')
  check = await createHistoryCheck(join(import.meta.dirname, '../test/apps/durable'))
})
afterAll(() => home.remove())

test.each(inputs)('the history of %s is followed at every prefix', async (name, _, turns) => {
  expect(await check(histories.get(name)!)).toEqual({ prefixes: turns, mismatches: [] })
})

test('replaying runs no activity', () => {
  const before = home.effects().length
  return Promise.all([...histories.values()].map((history) => check(history))).then(() => expect(home.effects()).toHaveLength(before))
})

test.each(['fanOut', 'retries', 'race'])('other code is told from what %s recorded', async (name) => {
  const { mismatches } = await check(histories.get(name)!, 'echoes')
  expect(mismatches.length).toBeGreaterThan(0)
  expect(mismatches[0]).toMatchObject({ prefix: 1, now: [expect.stringContaining('activity 0 echo "text"') as string] })
})

test('a changed input of an activity is a mismatch', async () => {
  const history = structuredClone(histories.get('fanOut')!)
  history.input = 5
  expect((await check(history)).mismatches[0]?.prefix).toBe(1)
})
