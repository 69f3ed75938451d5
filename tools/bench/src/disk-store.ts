import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobInfo, BlobRef, LocalFile, ObjectStore } from '@logpipe/core'
import { CONTAINERS, LogpipeError } from '@logpipe/core'

/**
 * The storage port over a folder on the same disk as the engine's scratch files, so that the engine is measured and not a store.
 * Files come in by hard link where that can be, which copies nothing: whoever hands one over does not write to it again. Metadata lives as
 * long as the store.
 */
export async function createDiskStore(root: string): Promise<ObjectStore> {
  await mkdir(root, { recursive: true })
  const incoming = await mkdtemp(join(root, '.incoming-'))
  const metadataOf = new Map<string, Record<string, string>>()
  let received = 0
  let replacing: Promise<unknown> = Promise.resolve()
  const pathOf = (ref: BlobRef) => join(root, ref.container, ref.name)

  /** Complete before it is seen under its name: link and rename do not tear. */
  async function receive(ref: BlobRef, body: Uint8Array | LocalFile): Promise<string> {
    const path = join(incoming, String(received++))
    await mkdir(dirname(pathOf(ref)), { recursive: true })
    if (body instanceof Uint8Array) await writeFile(path, body)
    else await link(body.path, path).catch(() => copyFile(body.path, path))
    return path
  }

  async function find(ref: BlobRef): Promise<BlobInfo | null> {
    const found = await stat(pathOf(ref), { bigint: true }).catch(nullWhenMissing)
    if (found === null || !found.isFile()) return null
    return {
      ...ref,
      etag: `${found.ino.toString(16)}-${found.mtimeNs.toString(16)}`,
      bytes: Number(found.size),
      modifiedMs: Number(found.mtimeMs),
      metadata: metadataOf.get(pathOf(ref)) ?? {},
    }
  }

  /** Look and rename are two steps: replacements follow each other, so that of two at once one is told of the conflict. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = replacing.then(work)
    replacing = done.catch(() => undefined)
    return done
  }

  async function etagOf(ref: BlobRef): Promise<string> {
    return (await find(ref))?.etag ?? ''
  }

  return {
    async ensureContainers() {
      for (const container of CONTAINERS) await mkdir(join(root, container), { recursive: true })
      return CONTAINERS
    },

    stat: find,

    async *read(ref, options = {}) {
      const found = await find(ref)
      if (found === null) throw new LogpipeError('BLOB_NOT_FOUND', { container: ref.container, name: ref.name })
      if (options.etag !== undefined && options.etag !== found.etag) throw new LogpipeError('SOURCE_CHANGED', { container: ref.container, name: ref.name, etag: options.etag })
      yield* createReadStream(pathOf(ref), { highWaterMark: 1024 * 1024, ...(options.signal ? { signal: options.signal } : {}) })
    },

    async readSmall(ref) {
      const found = await find(ref)
      return found === null ? null : { etag: found.etag, body: await readFile(pathOf(ref)) }
    },

    async create(ref, body, metadata = {}) {
      const path = await receive(ref, body)
      const created = await link(path, pathOf(ref)).then(() => true, falseWhenThere)
      await rm(path)
      if (created) metadataOf.set(pathOf(ref), metadata)
      return { outcome: created ? 'created' : 'exists', etag: await etagOf(ref) }
    },

    replace: (ref, body, etag, metadata = {}) =>
      inTurn(async () => {
        if ((await etagOf(ref)) !== etag) return { outcome: 'conflict' }
        await rename(await receive(ref, body), pathOf(ref))
        metadataOf.set(pathOf(ref), metadata)
        return { outcome: 'replaced', etag: await etagOf(ref) }
      }),

    async put(ref, body, metadata = {}) {
      await rename(await receive(ref, body), pathOf(ref))
      metadataOf.set(pathOf(ref), metadata)
      return { etag: await etagOf(ref) }
    },

    async remove(ref) {
      await rm(pathOf(ref), { force: true })
      metadataOf.delete(pathOf(ref))
    },

    async *list(container, prefix, { skip } = {}) {
      const entries = await readdir(join(root, container), { recursive: true }).catch(nullWhenMissing)
      for (const name of (entries ?? []).sort()) {
        if (!name.startsWith(prefix) || (skip !== undefined && name.startsWith(skip))) continue
        const found = await find({ container, name })
        if (found !== null) yield found
      }
    },
  }
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

function falseWhenThere(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false
  throw error
}
