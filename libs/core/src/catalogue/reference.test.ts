import { expect, test } from 'vitest'
import { compileCatalogue } from './compile.ts'
import { catalogueReference } from './reference.ts'

const entry = (id: string, template: string, message: string, fields = {}): object => ({ id, template, event: 'invalid_user', outcome: 'failure', versions: '3.0-', sample: { message, fields } })

test('one table an event, each message a row with its sample; bars and back quotes do not end a cell', () => {
  const catalogue = compileCatalogue({
    version: 1,
    events: { invalid_user: 'an unknown user' },
    messages: [entry('invalid-user', 'Invalid | user {user}', 'Invalid | user a', { user: 'a' }), entry('no-holes', 'a `quoted` word', 'a `quoted` word')],
  })
  expect(catalogueReference(catalogue)).toBe(
    [
      '### invalid_user',
      '',
      'an unknown user.',
      '',
      '| message and sample | outcome | attempt | written by | template_id |',
      '|---|---|---|---|---|',
      '| `Invalid \\| user {user}`<br>`Invalid \\| user a` | failure |  | 3.0- | `invalid-user` |',
      '| `` a `quoted` word `` | failure |  | 3.0- | `no-holes` |',
      '',
    ].join('\n'),
  )
})
