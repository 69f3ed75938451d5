import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalizeEtag, runIdentity, sourceSlug } from './identity.ts'

const source = { container: 'bronze', name: 'web-1/sshd.log', etag: '0x8D1', bytes: 10 }

describe('run identity', () => {
  test('does not depend on how a trigger writes the ETag', async () => {
    const forms = ['0x8D1', '"0x8D1"', 'W/"0x8D1"']
    const ids = await Promise.all(forms.map((etag) => runIdentity('account', { ...source, etag })))
    expect(new Set(ids.map((identity) => identity.runId)).size).toBe(1)
  })

  test.each([
    ['another version', { ...source, etag: '0x8D2' }, 'account'],
    ['another name', { ...source, name: 'web-2/sshd.log' }, 'account'],
    ['another account', source, 'other'],
  ])('differs for %s', async (_case, other, account) => {
    expect((await runIdentity(account, other)).runId).not.toBe((await runIdentity('account', source)).runId)
  })

  test('names that read alike after cleaning keep apart', async () => {
    expect(await sourceSlug('a/b.log')).not.toBe(await sourceSlug('a-b.log'))
  })

  test('a slug is always safe as a blob name segment and an instance id', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (name) => {
        expect(await sourceSlug(name)).toMatch(/^[a-z0-9-]{1,57}$/)
      }),
    )
  })

  test('however an ETag is quoted, its bare form is the same', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^0x[0-9A-F]{1,16}$/), (etag) => {
        expect([etag, `"${etag}"`, `W/"${etag}"`].map(normalizeEtag)).toEqual([etag, etag, etag])
      }),
    )
  })
})
