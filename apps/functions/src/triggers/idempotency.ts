import { LogpipeError, readDocument, sha256Text, toJsonBytes, updateDocument } from '@logpipe/core'
import { z } from 'zod'
import type { App } from '../compose.ts'

/** What a key stands for; `runId` is null while the first request that came with it is being worked on. */
const Use = z.object({ schema: z.literal('logpipe/idempotency/1'), request: z.string(), runId: z.string().nullable(), atMs: z.number() })
type Use = z.infer<typeof Use>

/** After this long a first request without an answer is taken to have died. */
const GIVEN_UP_MS = 60_000

/**
 * Does `work` once for a key: the same request again gives the run of the first. Throws IDEMPOTENCY_KEY_REUSED for another request under the
 * key, and IDEMPOTENCY_KEY_IN_USE while the first is still being worked on.
 */
export async function once(app: App, key: string | null, request: string, work: () => Promise<string>): Promise<{ runId: string; repeated: boolean }> {
  if (key === null) return { runId: await work(), repeated: false }
  const ref = { container: 'pipeline', name: `claims/http/${await sha256Text(key)}.json` }
  const mine: Use = { schema: 'logpipe/idempotency/1', request: await sha256Text(request), runId: null, atMs: app.clock.now() }
  if ((await app.store.create(ref, toJsonBytes(mine))).outcome === 'exists') {
    const use = (await readDocument(app.store, ref, Use))?.value
    if (use && use.request !== mine.request) throw new LogpipeError('IDEMPOTENCY_KEY_REUSED', { key })
    if (use && use.runId !== null) return { runId: use.runId, repeated: true }
    if (use && app.clock.now() - use.atMs < GIVEN_UP_MS) throw new LogpipeError('IDEMPOTENCY_KEY_IN_USE', { key })
  }
  const runId = await work()
  await updateDocument(app.store, ref, Use, () => ({ ...mine, runId }))
  return { runId, repeated: false }
}
