import { createHash } from 'node:crypto'
import { latestPointer, Manifest, readDocument } from '@logpipe/core'
import type { PipelineHost } from '../pipeline-host.ts'

export interface ReaderFigures {
  readonly versions: number
  /** Whole readings: pointer, manifests and every byte of every part. */
  readonly rounds: number
  /** Different runs that readers saw. */
  readonly seen: number
  /** Readings that mixed two runs, missed a part, or found other bytes than the manifest says. */
  readonly torn: number
}

const line = (n: number): string => `Jan  5 10:00:00 web-1 sshd[${n + 1}]: Failed password for root from 192.0.2.${n % 200} port 50022 ssh2\n`

/** What is wrong with the source's published state at this moment; null when it is whole. */
async function reading({ store }: PipelineHost, slug: string): Promise<{ runId: string; torn: boolean } | null> {
  const pointer = await latestPointer(store, slug)
  if (!pointer) return null
  for (const ref of pointer.manifests) {
    const manifest = await readDocument(store, ref, Manifest)
    if (manifest?.value.runId !== pointer.runId) return { runId: pointer.runId, torn: true }
    for (const part of manifest.value.parts) {
      const hash = createHash('sha256')
      for await (const chunk of store.read(part)) hash.update(chunk)
      if (hash.digest('hex') !== part.sha256) return { runId: pointer.runId, torn: true }
    }
  }
  return { runId: pointer.runId, torn: false }
}

/** Version after version of one source is published while readers read it without a rest. */
export async function readers(pipeline: PipelineHost, versions: number): Promise<ReaderFigures> {
  const first = await pipeline.ended(await pipeline.drop('read.log', line(0)))
  const seen = new Set<string>()
  let [rounds, torn, done] = [0, 0, false]
  const read = async (): Promise<void> => {
    while (!done) {
      const found = await reading(pipeline, first.slug)
      rounds += 1
      if (found) seen.add(found.runId)
      if (!found || found.torn) torn += 1
    }
  }
  const readings = Promise.all([read(), read(), read()])
  try {
    for (let version = 1; version < versions; version += 1) {
      const report = await pipeline.ended(await pipeline.drop('read.log', line(0).repeat(version + 1)))
      if (report.status !== 'succeeded') throw new Error(`version ${version} ended as ${report.status}`)
    }
  } finally {
    done = true
    await readings
  }
  return { versions, rounds, seen: seen.size, torn }
}
