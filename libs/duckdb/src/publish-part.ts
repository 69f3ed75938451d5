import { LogpipeError, type LayerTask, type ObjectStore, type Output, type Part } from '@logpipe/core'
import { createHash } from 'node:crypto'
import type { WrittenFile } from './hashing-file.ts'

/** Where an output of this attempt lies. */
export const partRef = (task: LayerTask, output: Output): { container: string; name: string } => ({
  container: task.target.container,
  name: `${task.target.prefix}${output.path}`,
})

/**
 * Uploads a finished file where nothing is yet. The activity may be delivered twice, so the same bytes there already are success; other
 * bytes are never written over.
 */
export async function publishPart(store: ObjectStore, task: LayerTask, output: Output, file: WrittenFile, rows: number | null): Promise<Part> {
  const ref = partRef(task, output)
  const { outcome } = await store.create(ref, { path: file.path, bytes: file.bytes }, { sha256: file.sha256 })
  if (outcome === 'exists') {
    const found = (await store.stat(ref))?.metadata['sha256'] ?? (await hashBlob(store, ref))
    if (found !== file.sha256) throw new LogpipeError('PART_CONFLICT', { name: ref.name, found, expected: file.sha256 })
  }
  return { output: output.name, ...ref, bytes: file.bytes, sha256: file.sha256, rows }
}

async function hashBlob(store: ObjectStore, ref: { container: string; name: string }): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of store.read(ref)) hash.update(chunk)
  return hash.digest('hex')
}
