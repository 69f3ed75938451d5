import { expect, test } from 'vitest'
import { createLog } from './log.ts'

test('an entry is one line with event, run and process; secrets are blotted out, and what an attacker wrote stays inside its string', () => {
  const lines: string[] = []
  const log = createLog('w-1', { write: (line) => void lines.push(line) })
  log('error', 'activity.failed', { runId: 'r-1', cause: 'GET https://a/b?sig=abcdef123456 failed', nested: { list: ['AccountKey=topsecret;'] }, name: 'a\n{"event":"forged"}' })
  expect(lines).toHaveLength(1)
  expect(lines[0]!.trimEnd()).not.toContain('\n')
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'error', worker: 'w-1', event: 'activity.failed', runId: 'r-1', cause: 'GET https://a/b?sig=*** failed', nested: { list: ['AccountKey=***;'] }, name: 'a\n{"event":"forged"}',
  })
  expect(JSON.parse(lines[0]!)).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/))
})
