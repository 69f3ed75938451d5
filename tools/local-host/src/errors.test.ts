import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HostError, hostErrorCodes } from './errors.ts'

test('the README lists every error code, and no other', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const listed = [...readme.matchAll(/^\| `(HOST_\w+)` \|/gm)].map(([, code]) => code)
  expect(listed.sort()).toEqual([...hostErrorCodes].sort())
})

test('an error says what was seen and what mends it', () => {
  const error = new HostError('HOST_PORT_TAKEN', { port: 7071 })
  expect(error.toDocument()).toEqual({
    code: 'HOST_PORT_TAKEN',
    message: 'The port is taken',
    cause: '127.0.0.1:7071 is in use by another program.',
    fix: 'Leave the port out (or 0) to get a free one',
  })
})
