import type { ObjectStore, Part } from '../ports.ts'
import { sha256Text } from '../run/identity.ts'
import { places } from '../run/places.ts'
import { readJudgements } from './judgement.ts'

/**
 * What was said and counts for a log of `baseTimeMs`, as a part of its own that nobody changes any more (the context relation
 * `judgements`): a rerun sees what the run saw. Null when nothing counts.
 */
export async function pinJudgements(store: ObjectStore, baseTimeMs: number): Promise<Part | null> {
  const counting = (await readJudgements(store)).filter(({ until }) => Date.parse(until) > baseTimeMs)
  if (counting.length === 0) return null
  const text = counting.map(({ at: _at, ...row }) => `${JSON.stringify(row)}\n`).join('')
  const sha256 = await sha256Text(text)
  const body = new TextEncoder().encode(text)
  const ref = places.pinnedJudgements(sha256.slice(0, 16))
  await store.create(ref, body) // the same words are the same blob
  return { output: 'judgements', ...ref, bytes: body.byteLength, sha256, rows: counting.length }
}
