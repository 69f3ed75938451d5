import { expect, test } from 'vitest'
import { compileCatalogue } from './compile.ts'
import { catalogueReference } from './reference.ts'

test('one table an event, each message a row, a bar in it escaped', () => {
  const catalogue = compileCatalogue({
    version: 1,
    events: { invalid_user: 'an unknown user' },
    messages: [
      {
        id: 'invalid-user',
        template: 'Invalid | user {user}',
        event: 'invalid_user',
        outcome: 'failure',
        versions: '3.0-',
        sample: { message: 'Invalid | user a', fields: { user: 'a' } },
      },
    ],
  })
  expect(catalogueReference(catalogue)).toBe(
    [
      '### invalid_user',
      '',
      'an unknown user.',
      '',
      '| message | outcome | attempt | written by | template_id |',
      '|---|---|---|---|---|',
      '| `Invalid \\| user {user}` | failure |  | 3.0- | `invalid-user` |',
      '',
    ].join('\n'),
  )
})
