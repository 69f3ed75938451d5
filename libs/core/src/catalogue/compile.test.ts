import { expect, test } from 'vitest'
import { LogpipeError } from '../errors/error.ts'
import { checkSamples, compileCatalogue } from './compile.ts'

const entry = (over: object = {}): object => ({
  id: 'invalid-user',
  template: 'Invalid user {user} from {address}',
  event: 'invalid_user',
  outcome: 'failure',
  versions: '3.0-',
  sample: { message: 'Invalid user oracle from 192.0.2.7', fields: { user: 'oracle', address: '192.0.2.7' } },
  ...over,
})

const document = (...messages: object[]): object => ({ version: 1, events: { invalid_user: 'an unknown user' }, messages })

function faultsOf(value: object): string[] {
  try {
    checkSamples(compileCatalogue(value))
  } catch (error) {
    if (error instanceof LogpipeError && error.code === 'CATALOGUE_NOT_VALID') return String(error.fields['detail']).split('\n')
    throw error
  }
  return []
}

test('an entry becomes literals, holes and the <*> template', () => {
  const [message] = compileCatalogue(document(entry())).messages
  expect(message).toMatchObject({
    text: 'Invalid user <*> from <*>',
    literals: ['Invalid user ', ' from ', ''],
    holes: [
      { field: 'user', type: 'text' },
      { field: 'address', type: 'token' },
    ],
    pivot: 0,
    attempt: null,
  })
})

test('all faults of a document are told at once, each with its place', () => {
  const faults = faultsOf(
    document(
      entry(),
      entry({ template: 'Invalid user {user}{address}' }),
      entry({ id: 'b', event: 'unheard_of' }),
      entry({ id: 'c', template: 'Bad {name} from {address:ip}' }),
      entry({ id: 'd', colour: 'red' }),
      entry({ id: 'e', template: '{user} and {user}' }),
      entry({ id: 'f', template: 'Invalid user {user from' }),
      entry({ id: 'g', set: { user: 'root' } }),
    ),
  )
  expect(faults).toEqual([
    'messages[1] invalid-user: two holes touch',
    'messages[1] invalid-user: the id stands twice',
    'messages[2] b: unknown event unheard_of: add it to events, or use one of them',
    expect.stringMatching(/^messages\[3\] c: unknown hole \{name\}/),
    expect.stringMatching(/^messages\[3\] c: unknown hole type in \{address:ip\}/),
    expect.stringMatching(/^messages\[4\] d: .*colour/),
    'messages[5] e: two holes are named user',
    'messages[6] f: a brace without its partner',
    'messages[7] g: user is both a hole and set',
  ])
})

test.each([
  ['fits no message', entry({ sample: { message: 'Hello', fields: {} } }), 'invalid-user: the sample fits no message'],
  [
    'has another value',
    entry({ sample: { message: 'Invalid user a from 192.0.2.7', fields: { user: 'b', address: '192.0.2.7' } } }),
    `invalid-user: the sample's user is "a", not "b"`,
  ],
  ['leaves a field out', entry({ sample: { message: 'Invalid user a from 192.0.2.7', fields: { address: '192.0.2.7' } } }), 'invalid-user: the sample leaves out user "a"'],
])('a sample that %s is a fault', (_, value, fault) => {
  expect(faultsOf(document(value))).toEqual([fault])
})

test('a sample must fit its own entry first', () => {
  const general = entry({ id: 'general', template: 'Invalid {reason}', sample: { message: 'Invalid thing', fields: { reason: 'thing' } } })
  expect(faultsOf(document(entry(), general))).toEqual([])
  expect(faultsOf(document(general, entry()))).toEqual(['invalid-user: the sample fits general first'])
})

test('a reserved event is refused', () => {
  expect(faultsOf({ version: 1, messages: [entry({ event: 'unclassified' })] })).toContain('messages[0] invalid-user: the parser gives the event unclassified by itself')
})
