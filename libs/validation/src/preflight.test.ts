import { LogpipeError } from '@logpipe/core'
import { expect, test } from 'vitest'
import { examine, ok, type PreflightCheck } from './preflight.ts'

const check = (id: string, look: PreflightCheck['look']): PreflightCheck => ({ id, why: 'because', look })

test('checks are independent: what throws or never answers fails alone', async () => {
  let aborted = false
  const never = (signal: AbortSignal) =>
    new Promise<never>(() => {
      signal.addEventListener('abort', () => (aborted = true))
    })
  const found = await examine(
    [
      check('fine', () => ok('all good')),
      check('coded', () => {
        throw new LogpipeError('STORAGE_UNREACHABLE', { endpoint: 'http://127.0.0.1:1', detail: 'ECONNREFUSED' })
      }),
      check('bug', () => Promise.reject(new TypeError('x is not a function'))),
      check('silent', never),
    ],
    50,
  )
  expect(found).toEqual([
    { id: 'fine', why: 'because', status: 'ok', seen: 'all good' },
    { id: 'coded', why: 'because', status: 'failed', seen: 'STORAGE_UNREACHABLE: http://127.0.0.1:1: ECONNREFUSED.', fix: expect.stringContaining('LOGPIPE_STORAGE') as string },
    { id: 'bug', why: 'because', status: 'failed', seen: 'x is not a function', fix: expect.any(String) as string },
    { id: 'silent', why: 'because', status: 'failed', seen: 'no answer within 0.05 s', fix: expect.any(String) as string },
  ])
  expect(aborted).toBe(true)
})
