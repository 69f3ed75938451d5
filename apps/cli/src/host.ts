import { LogpipeError } from '@logpipe/core'
import { z } from 'zod'
import type { Target } from './target/with-target.ts'

const Answer = z.union([
  z.object({ ok: z.literal(true), data: z.looseObject({ runId: z.string() }) }),
  z.object({ ok: z.literal(false), error: z.custom<Parameters<typeof LogpipeError.from>[0]>() }),
])

/** Asks the functions app for a run, by its key; what it refuses is thrown as its own error. */
export async function post({ address }: Target, path: string, body: object): Promise<string> {
  const { origin } = new URL(address.hostUrl)
  const answer = await fetch(new URL(path, origin), {
    method: 'POST',
    headers: { 'x-functions-key': address.hostKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  }).catch((error: unknown) => {
    throw new LogpipeError('FUNCTIONS_UNREACHABLE', { url: origin, detail: error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error) }, { cause: error })
  })
  if (answer.status === 401 || answer.status === 403) throw new LogpipeError('FUNCTIONS_REFUSED', { url: origin, status: answer.status })
  const said = Answer.parse(await answer.json())
  if (!said.ok) throw LogpipeError.from(said.error)
  return said.data.runId
}
