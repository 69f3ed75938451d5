import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeText } from './safe-text.ts'

test.each([
  ['\u001b[31mred', '\\x1b[31mred'],
  ['a\rb', 'a\\x0db'],
  ['\u009b31m', '\\x9b31m'],
  ['user\u202egnp.exe', 'user\\u202egnp.exe'],
  ['Grüße, 世界\n\tok', 'Grüße, 世界\n\tok'],
])('%j is shown as %j', (text, shown) => {
  expect(safeText(text)).toBe(shown)
})

test('whatever comes in, nothing that steers a terminal comes out', () => {
  const steers = (text: string): boolean => [...text].some((char) => /[\p{Cc}\p{Cf}]/u.test(char) && /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(char))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(steers(safeText(text))).toBe(false)
    }),
  )
})
