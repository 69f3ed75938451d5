import { expect, test } from 'vitest'
import { checkBlobName, checkSourceName } from './blob-name.ts'

test.each(['sshd.log', 'web-1/2026/01/sshd.log.gz', 'Größe (1) ~x_=@+,.log'])('takes %s', (name) => {
  expect(checkSourceName(name)).toBe(name)
})

test.each([
  ['a parent segment', 'a/../b'],
  ['a dot segment', './a'],
  ['a leading slash', '/a'],
  ['a trailing slash', 'a/'],
  ['two slashes', 'a//b'],
  ['a NUL', 'a\u0000b'],
  ['an escape', 'a\u001b[31mb'],
  ['a right-to-left override', 'a\u202eb'],
  ['a backslash', 'a\\b'],
  ['a query', 'a?b'],
  ['a segment that ends in a dot', 'a./b'],
  ['nothing', ''],
  ['1,025 characters', 'a'.repeat(1025)],
])('refuses %s', (_case, name) => {
  expect(() => checkBlobName(name)).toThrow(expect.objectContaining({ code: 'BLOB_NAME_REFUSED' }))
})

test('a source never lies where logpipe writes', () => {
  expect(() => checkSourceName('_runs/x/events.json')).toThrow(expect.objectContaining({ code: 'BLOB_NAME_REFUSED' }))
})
