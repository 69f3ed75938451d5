import { LogpipeError } from '@logpipe/core'
import { z } from 'zod'
import type { Target } from './target/with-target.ts'

const Answer = z.union([
  z.object({ ok: z.literal(true), data: z.looseObject({ runId: z.string() }) }),
  z.object({ ok: z.literal(false), error: z.custom<Parameters<typeof LogpipeError.from>[0]>() }),
])

/** What went wrong on the way, as the system says it. */
export const messageOf = (error: unknown): string => (error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error))

/** A POST to the functions app by its key. Throws FUNCTIONS_UNREACHABLE, FUNCTIONS_REFUSED; any other answer is the caller's. */
export async function askFunctions({ url, key }: { readonly url: string; readonly key: string }, path: string, body: object, signal: AbortSignal): Promise<Response> {
  const headers = { 'x-functions-key': key, 'content-type': 'application/json' }
  const answer = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(body), signal }).catch((error: unknown) => {
    throw new LogpipeError('FUNCTIONS_UNREACHABLE', { url, detail: messageOf(error) }, { cause: error })
  })
  if (answer.status === 401 || answer.status === 403) throw new LogpipeError('FUNCTIONS_REFUSED', { url, status: answer.status })
  return answer
}

/** Asks the functions app for a run, by its key; what it refuses is thrown as its own error. */
export async function post({ address }: Target, path: string, body: object): Promise<string> {
  const { origin: url } = new URL(address.hostUrl)
  const answer = await askFunctions({ url, key: address.hostKey }, path, body, AbortSignal.timeout(30_000))
  const said = Answer.parse(await answer.json())
  if (!said.ok) throw LogpipeError.from(said.error)
  return said.data.runId
}
