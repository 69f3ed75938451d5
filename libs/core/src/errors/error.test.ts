import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { ERRORS } from './catalogue.ts'
import { asLogpipeError, LogpipeError } from './error.ts'
import { errorReference } from './reference.ts'

test('fields fill cause and fix', () => {
  const { cause, fix } = new LogpipeError('FILE_IS_DIRECTORY', { path: '/var/log' }).toDocument()
  expect(cause).toContain('/var/log')
  expect(fix).toBe('Name a file in it: npm start -- /var/log/sshd.log')
})

test('an unknown error keeps its text and gets a code', () => {
  const error = asLogpipeError(new TypeError('x is not a function'), 'gold', 'host.log')
  expect(error.code).toBe('STAGE_FAILED')
  expect(error.toDocument()).toMatchObject({ cause: 'gold: x is not a function', fix: 'See the log of the host: host.log' })
})

test('an error survives the way through a document', () => {
  const document = new LogpipeError('NOT_A_LOG', { share: 100, limit: 50, reason: 'no_header', runId: 'x' }).toDocument()
  expect(LogpipeError.from(document).toDocument()).toEqual(document)
})

test.each(Object.entries(ERRORS))('%s says cause and mend in whole sentences', (_code, { title, cause, fix }) => {
  for (const text of [title, cause, fix]) expect(text.trim()).not.toBe('')
})

test('docs/errors.md is what the catalogue says', async () => {
  const page = await readFile(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
  expect(page).toBe(errorReference())
})
