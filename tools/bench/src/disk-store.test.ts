import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ObjectStore } from '@logpipe/core'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDiskStore } from './disk-store.ts'

let folder: string
let store: ObjectStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-store-'))
  store = await createDiskStore(join(folder, 'store'))
  await store.ensureContainers()
})
afterEach(() => rm(folder, { recursive: true }))

const blob = { container: 'bronze', name: 'a/b.log' }
const text = (value: string) => Buffer.from(value)

test('gives back what was put, by stream and at once', async () => {
  const { etag } = await store.put(blob, text('hello'), { stream: 'web' })
  expect(await store.stat(blob)).toMatchObject({ ...blob, etag, bytes: 5, metadata: { stream: 'web' } })
  expect((await buffer(store.read(blob, { etag }))).toString()).toBe('hello')
  expect(await store.readSmall(blob)).toEqual({ etag, body: text('hello') })
})

test('takes a local file and leaves it where it is', async () => {
  const path = join(folder, 'local')
  await writeFile(path, 'from a file')
  expect((await store.create(blob, { path, bytes: 11 })).outcome).toBe('created')
  expect((await store.readSmall(blob))?.body.toString()).toBe('from a file')
  expect((await buffer(store.read(blob))).byteLength).toBe(11)
})

test('creates only where nothing is', async () => {
  const first = await store.create(blob, text('one'))
  expect(first.outcome).toBe('created')
  expect(await store.create(blob, text('two'))).toEqual({ outcome: 'exists', etag: first.etag })
  expect((await store.readSmall(blob))?.body.toString()).toBe('one')
})

test('replaces only the version named', async () => {
  const { etag } = await store.put(blob, text('one'))
  const replaced = await store.replace(blob, text('two'), etag)
  expect(replaced.outcome).toBe('replaced')
  expect(await store.replace(blob, text('three'), etag)).toEqual({ outcome: 'conflict' })
  expect((await store.readSmall(blob))?.body.toString()).toBe('two')
})

test('of two replacements of one version at once one is told', async () => {
  const { etag } = await store.put(blob, text('one'))
  const outcomes = await Promise.all(['two', 'three'].map((value) => store.replace(blob, text(value), etag)))
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['conflict', 'replaced'])
})

test('says by code that a blob is missing or at another version', async () => {
  await expect(buffer(store.read(blob))).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
  await store.put(blob, text('one'))
  await expect(buffer(store.read(blob, { etag: 'old' }))).rejects.toMatchObject({ code: 'SOURCE_CHANGED' })
  await store.remove(blob)
  expect(await store.stat(blob)).toBeNull()
  expect(await store.readSmall(blob)).toBeNull()
})

test('lists what starts with the prefix and leaves out what is to be skipped', async () => {
  for (const name of ['b.log', 'a/1.log', '_runs/x/y.json']) await store.put({ container: 'bronze', name }, text('x'))
  const names = async (prefix: string, options = {}) => {
    const found: string[] = []
    for await (const { name } of store.list('bronze', prefix, options)) found.push(name)
    return found
  }
  expect(await names('')).toEqual(['_runs/x/y.json', 'a/1.log', 'b.log'])
  expect(await names('', { skip: '_runs/' })).toEqual(['a/1.log', 'b.log'])
  expect(await names('a/')).toEqual(['a/1.log'])
})
