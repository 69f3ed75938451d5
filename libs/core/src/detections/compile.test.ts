import { describe, expect, test } from 'vitest'
import { compileDetections, Detection } from './index.ts'
import { literal } from './sql.ts'

const probe = (id: string): Detection =>
  Detection.parse({
    id, title: 'Probe', kind: 'threshold', technique: 'T1110', severity: 'low', entity: 'address', text: 'text', where: { attempt: ['auth_failed'] },
    parameters: { threshold: 2, window_s: 60 }, samples: { firing: [{}], quiet: [{}] },
  })

describe('literal', () => {
  test('an apostrophe is spelled by its number: Spark would drop a doubled one', () => {
    expect(literal("it's")).toBe("concat('it', chr(39), 's')")
    expect(literal("'")).toBe("concat('', chr(39), '')")
  })

  test('other text is quoted as it is', () => {
    expect(literal('a; -- b')).toBe("'a; -- b'")
  })
})

test('the order of the files does not matter', () => {
  expect(compileDetections([probe('b'), probe('a')])).toEqual(compileDetections([probe('a'), probe('b')]))
})

describe('a detection is refused', () => {
  const valid = { ...probe('a') }
  test.each([
    ['an unknown kind', { ...valid, kind: 'magic' }],
    ['an unknown parameter', { ...valid, parameters: { threshold: 2, window_s: 60, windw: 1 } }],
    ['a window of no length', { ...valid, parameters: { threshold: 2, window_s: 0 } }],
    ['a quiet share of a user', { ...valid, entity: 'user', parameters: { threshold: 2, window_s: 60, quiet_share: 0.5 } }],
    ['a filter that names no field', { ...valid, where: {} }],
    ['a field that no view has', { ...valid, where: { password: ['x'] } }],
    ['a technique that is no ATT&CK id', { ...valid, technique: 'brute' }],
    ['a backslash in its text, which Spark may read as an escape', { ...valid, title: 'a\\b' }],
    ['a control character in a value', { ...valid, where: { event: ['a\nb'] } }],
  ])('for %s', (_, detection) => {
    expect(Detection.safeParse(detection).success).toBe(false)
  })
})
