import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBlobPath } from './blob-path.ts'
import { bareETag } from './blob-receipts.ts'

test('a hole takes the whole rest, slashes too', () => {
  const path = parseBlobPath('f', 'bronze/{name}')
  expect([path.container, path.prefix, path.match('a/b.log')]).toEqual(['bronze', '', { name: 'a/b.log' }])
})

test('literal text around holes must be there, and tells what to list', () => {
  const path = parseBlobPath('f', 'in/2024/{host}/{name}.log')
  expect(path.prefix).toBe('2024/')
  expect(path.match('2024/web-1/auth.log')).toEqual({ host: 'web-1', name: 'auth' })
  expect(path.match('2024/web-1/authXlog')).toBeUndefined()
})

test('what lies under _runs/ never matches', () => {
  expect(parseBlobPath('f', 'bronze/{name}').match('_runs/x/y')).toBeUndefined()
  expect(parseBlobPath('f', 'bronze/{name}').match('x/_runs/y')).toEqual({ name: 'x/_runs/y' })
})

test.each(['bronze', '/x', 'bronze/{a}{', 'bronze/{a}/{a}'])('path %s is refused by name', (text) => {
  expect(() => parseBlobPath('trigger7', text)).toThrow(/HOST_SETTING_INVALID.*trigger7/)
})

test('law: any name outside _runs/ is matched by {name} as it is', () => {
  const path = parseBlobPath('f', 'c/{name}')
  fc.assert(fc.property(fc.string({ minLength: 1, unit: 'binary' }).filter((name) => !name.startsWith('_runs/')), (name) => path.match(name)?.['name'] === name))
})

test('law: a literal prefix is taken letter by letter, whatever signs it has', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }).filter((text) => !/[{}%/]/.test(text) && text !== ''), (text) => {
      const path = parseBlobPath('f', `c/${text}/{name}`)
      return path.match(`${text}/x`)?.['name'] === 'x' && path.match(`${text}.x`) === undefined
    }),
  )
})

test.each(['"0x8D"', 'W/"0x8D"', '0x8D'])('ETag form %s is one version', (form) => {
  expect(bareETag(form)).toBe('0x8D')
})
