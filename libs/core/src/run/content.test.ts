import { describe, expect, test } from 'vitest'
import { contentKey } from './content.ts'
import type { Manifest, RunRecord } from './documents.ts'

const sha = (digit: string): string => digit.repeat(64)
const part = (output: string, digit: string) => ({ output, container: 'silver', name: `_runs/a/r/attempt=1/${output}.json`, bytes: 1, sha256: sha(digit), rows: 1 })
const manifest = (layer: Manifest['layer'], over: Partial<Manifest>): Manifest =>
  ({ schema: 'logpipe/manifest/1', runId: 'r', layer, attempt: 1, engine: 'e', definition: 'd', parts: [], counts: {}, warnings: [], ...over })
const bronze = (over: Partial<Manifest> = {}): Manifest => manifest('bronze', { contentSha256: sha('1'), counts: { bytes: 9 }, ...over })
const silver = (over: Partial<Manifest> = {}): Manifest => manifest('silver', { parts: [part('events', '2'), part('quarantine', '3')], ...over })
const run = { params: { timezone: 'UTC', timezoneAssumed: true, baseTimeMs: 1, stream: null }, pinned: null } satisfies Pick<RunRecord, 'params' | 'pinned'>
const pinned = { model: null, stream: null, judgements: part('judgements', '4'), warnings: [] }
const usual = () => contentKey(run, [bronze(), silver()], 'd')

describe('content key', () => {
  test.each([
    ['zone and base time by themselves, since silver says what they changed', { ...run, params: { ...run.params, timezone: 'Asia/Tokyo', timezoneAssumed: false, baseTimeMs: 2 } }, [bronze(), silver()]],
    ['the model that was pinned', { ...run, pinned: { ...pinned, judgements: null, model: { version: 'v', parts: [] } } }, [bronze(), silver()]],
    ['run, attempt and engine', run, [bronze({ runId: 'x', engine: 'y' }), silver({ attempt: 2 })]],
    ['the layers after silver', run, [bronze(), silver(), manifest('gold', { parts: [part('detections', '9')] })]],
  ])('does not depend on %s', async (_what, record, manifests) => {
    expect(await contentKey(record, manifests, 'd')).toBe(await usual())
  })

  test.each([
    ['other bytes', run, [bronze({ contentSha256: sha('9') }), silver()], 'd'],
    ['other events, e.g. by another zone', run, [bronze(), silver({ parts: [part('events', '9'), part('quarantine', '3')] })], 'd'],
    ['another definition', run, [bronze({ definition: 'e' }), silver({ definition: 'e' })], 'e'],
    ['another stream', { ...run, params: { ...run.params, stream: 'web-1' } }, [bronze(), silver()], 'd'],
    ['what people have said since', { ...run, pinned }, [bronze(), silver()], 'd'],
  ])('is another one for %s', async (_what, record, manifests, definition) => {
    const key = await contentKey(record, manifests, definition)
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(key).not.toBe(await usual())
  })

  test.each([
    ['an empty source', [bronze({ counts: { bytes: 0 } }), silver()]],
    ['an engine that does not know the bytes', [manifest('bronze', { counts: { bytes: 9 } }), silver()]],
    ['a run without silver', [bronze()]],
    ['layers of two definitions', [bronze(), silver({ definition: 'older' })]],
  ])('there is none for %s', async (_what, manifests) => {
    expect(await contentKey(run, manifests, 'd')).toBeNull()
  })
})
