import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { useAzurite } from '../test/azurite.ts'
import { connectBlobService, createBlobStore } from './index.ts'

const azurite = useAzurite()
const at = (name: string) => ({ container: 'bronze', name })
const bytes = (text: string) => Buffer.from(text)

describe('writing', () => {
  test('create writes once and then says that something is there', async () => {
    const { store } = azurite
    expect(await store.create(at('once'), bytes('first'))).toMatchObject({ outcome: 'created' })
    expect(await store.create(at('once'), bytes('second'))).toMatchObject({ outcome: 'exists' })
    expect(String((await store.readSmall(at('once')))?.body)).toBe('first')
  })

  test('of ten creators at once one wins', async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, i) => azurite.store.create(at('race'), bytes(String(i)))))
    expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
  })

  test('replace needs the version that was read', async () => {
    const { store } = azurite
    const { etag } = await store.put(at('doc'), bytes('1'))
    expect(await store.replace(at('doc'), bytes('2'), etag)).toMatchObject({ outcome: 'replaced' })
    expect(await store.replace(at('doc'), bytes('3'), etag)).toEqual({ outcome: 'conflict' })
    expect(await store.replace(at('not-there'), bytes('3'), etag)).toEqual({ outcome: 'conflict' })
  })

  test('a file larger than a block goes up by streaming and comes back the same', async () => {
    const content = randomBytes(20 * 1024 * 1024 + 1)
    const path = join(tmpdir(), `logpipe-upload-${process.pid}`)
    await writeFile(path, content)
    const { etag } = await azurite.store.put(at('large'), { path, bytes: content.byteLength }, { sha256: 'abc' })
    const back = await buffer(azurite.store.read(at('large'), { etag }))
    expect(back.equals(content)).toBe(true)
    expect(await azurite.store.stat(at('large'))).toMatchObject({ bytes: content.byteLength, etag, metadata: { sha256: 'abc' } })
    expect(await azurite.store.create(at('large'), { path, bytes: content.byteLength })).toMatchObject({ outcome: 'exists' })
  })
})

describe('reading', () => {
  test('a pinned read of an overwritten blob is refused', async () => {
    const { etag } = await azurite.store.put(at('pinned'), bytes('old'))
    await azurite.store.put(at('pinned'), bytes('new'))
    await expect(buffer(azurite.store.read(at('pinned'), { etag }))).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  })

  test('an empty blob has no bytes', async () => {
    await azurite.store.put(at('empty'), bytes(''))
    expect(await buffer(azurite.store.read(at('empty')))).toHaveLength(0)
  })

  test('a missing blob is null to look at and an error to read', async () => {
    expect(await azurite.store.stat(at('nowhere'))).toBeNull()
    expect(await azurite.store.readSmall(at('nowhere'))).toBeNull()
    await expect(buffer(azurite.store.read(at('nowhere')))).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
  })

  test('an abort ends a read', async () => {
    await azurite.store.put(at('long'), randomBytes(4 * 1024 * 1024))
    const stop = new AbortController()
    const read = (async () => {
      for await (const _chunk of azurite.store.read(at('long'), { signal: stop.signal })) stop.abort()
    })()
    await expect(read).rejects.toMatchObject({ name: 'AbortError' })
  })
})

test('a listing leaves the runs out and finds everything else, across folders', async () => {
  const { store } = azurite
  for (const name of ['top', 'a/b', 'a/c/d', '_runs/x/y']) await store.put({ container: 'silver', name }, bytes('x'))
  const names: string[] = []
  for await (const blob of store.list('silver', '', { skip: '_runs/' })) names.push(blob.name)
  expect(names.sort()).toEqual(['a/b', 'a/c/d', 'top'])
})

test('folders of a hierarchical namespace are no blobs', async () => {
  const { store } = azurite
  await store.put({ container: 'gold', name: 'folder' }, bytes(''), { hdi_isfolder: 'true' })
  await store.put({ container: 'gold', name: 'folder/below' }, bytes(''), { hdi_isfolder: 'true' })
  await store.put({ container: 'gold', name: 'folder/below/file' }, bytes('x'))
  for (const options of [{}, { skip: '_runs/' }]) {
    const names: string[] = []
    for await (const blob of store.list('gold', '', options)) names.push(blob.name)
    expect(names).toEqual(['folder/below/file'])
  }
})

describe('a wrong setting', () => {
  test.each(['', 'nonsense', 'AccountName=x', 'http://storage.example.org'])('%j is said to be wrong, without its text', async (connection) => {
    await expect(connectBlobService(connection)).rejects.toMatchObject({ code: 'STORAGE_SETTING_WRONG' })
  })

  test('a wrong key is refused and not repeated in the error', async () => {
    const wrong = azurite.connection.replace(/AccountKey=[^;]+/, `AccountKey=${Buffer.from('wrong').toString('base64')}`)
    const refused = createBlobStore(await connectBlobService(wrong)).stat(at('x'))
    await expect(refused).rejects.toMatchObject({ code: 'STORAGE_REFUSED' })
    await expect(refused).rejects.not.toThrow(/AccountKey|d3Jvbmc/)
  })

  test('a dead endpoint is unreachable', async () => {
    const dead = azurite.connection.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1')
    await expect(createBlobStore(await connectBlobService(dead)).stat(at('x'))).rejects.toMatchObject({ code: 'STORAGE_UNREACHABLE' })
  })
})
