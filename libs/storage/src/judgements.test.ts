import { type Judgement, judge, pinJudgements, readJudgements, revoke } from '@logpipe/core/judgements'
import { expect, test } from 'vitest'
import { useAzurite } from '../test/azurite.ts'

const azurite = useAzurite()
const judgement = (entity: string, given: Partial<Judgement> = {}): Judgement => ({
  kind: 'allow', entity_kind: 'address', entity, host: null, id: null, until: '2026-02-01T00:00:00Z', reason: 'known', author: 'ann', at: '2026-01-01T00:00:00Z', ...given,
})
const at = (day: number): number => Date.UTC(2026, 0, day)

test('what many people say at once is all kept; the same thing said again replaces itself', async () => {
  const { store } = azurite
  await Promise.all(Array.from({ length: 12 }, (_, i) => judge(store, judgement(`192.0.2.${i}`))))
  expect(await readJudgements(store)).toHaveLength(12)
  await judge(store, judgement('192.0.2.3', { reason: 'known better' }))
  const said = await readJudgements(store)
  expect(said.map(({ entity }) => entity).sort()).toEqual(Array.from({ length: 12 }, (_, i) => `192.0.2.${i}`).sort())
  expect(said.at(-1)).toMatchObject({ entity: '192.0.2.3', reason: 'known better' })
})

test('a run pins what counts for its log; what is said later does not change it', async () => {
  const { store } = azurite
  await judge(store, judgement('198.51.100.7', { until: '2026-01-05T00:00:00Z' }))
  const before = await pinJudgements(store, at(4))
  const after = await pinJudgements(store, at(6))
  expect([before?.rows, after?.rows]).toEqual([13, 12])
  await revoke(store, '192.0.2.1')
  const text = String((await store.readSmall(after!))?.body)
  expect(text).toContain('"192.0.2.1"')
  expect(text.trim().split('\n').map((row) => JSON.parse(row) as unknown)).toContainEqual({ kind: 'allow', entity_kind: 'address', entity: '192.0.2.0', host: null, id: null, until: '2026-02-01T00:00:00Z', reason: 'known', author: 'ann' })
  expect(await pinJudgements(store, Date.UTC(2027, 0, 1))).toBeNull()
})

test('a judgement without an end, a reason or an author is refused', async () => {
  for (const wrong of [{ until: 'never' }, { reason: '  ' }, { author: '' }, { entity: '' }]) {
    await expect(judge(azurite.store, judgement('192.0.2.200', wrong))).rejects.toMatchObject({ code: 'JUDGEMENT_NOT_VALID' })
  }
})
