import { expect, test } from 'vitest'
import { asMarkdown, asText, duration } from './table.ts'

const table = { title: 'Found', rows: [['class', 'logpipe'], ['spraying', '1.000'], ['all', '0.5']] }

test('columns of numbers stand right', () => {
  expect(asText(table)).toBe('Found\n  class     logpipe\n  spraying    1.000\n  all           0.5')
})

test('the same as Markdown', () => {
  expect(asMarkdown(table)).toBe('### Found\n\n| class | logpipe |\n| --- | ---: |\n| spraying | 1.000 |\n| all | 0.5 |')
})

test.each([[null, '–'], [0, '0 s'], [119, '119 s'], [120, '2 min'], [7200, '2.0 h'], [180_000, '2.1 d']])('%s seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})
