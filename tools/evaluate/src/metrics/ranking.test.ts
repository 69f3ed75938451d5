import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { averagePrecision, rocAuc, type Ranked } from './ranking.ts'

const ranked = (text: string, scores: readonly number[]): Ranked[] => [...text].map((mark, i) => ({ positive: mark === '+', score: scores[i]! }))

describe('by hand', () => {
  test.each([
    // Pairs (positive, negative): 9>7, 9>3, 5<7, 5>3.
    ['+-+-', [9, 7, 5, 3], 3 / 4, (1 + 2 / 3) / 2],
    ['++--', [4, 3, 2, 1], 1, 1],
    ['--++', [4, 3, 2, 1], 0, (1 / 3 + 2 / 4) / 2],
    // All equal: a coin, and the share of positives.
    ['+---', [1, 1, 1, 1], 1 / 2, 1 / 4],
    // 5 ties with one negative: a half, and it stands above the other.
    ['+--', [5, 5, 1], 3 / 4, 1 / 2],
  ])('%s at %j', (text, scores, auc, precision) => {
    expect(rocAuc(ranked(text, scores))).toBeCloseTo(auc, 12)
    expect(averagePrecision(ranked(text, scores))).toBeCloseTo(precision, 12)
  })

  test('nothing to tell apart', () => {
    expect(rocAuc(ranked('++', [1, 2]))).toBeNull()
    expect(rocAuc(ranked('--', [1, 2]))).toBeNull()
    expect(averagePrecision(ranked('--', [1, 2]))).toBeNull()
    expect(averagePrecision(ranked('++', [1, 2]))).toBe(1)
  })
})

// Few distinct scores, so that ties are common.
const items = fc.array(fc.record({ score: fc.integer({ min: -4, max: 4 }), positive: fc.boolean() }), { maxLength: 30 })
const map = (list: readonly Ranked[], by: (score: number) => number): Ranked[] => list.map(({ score, positive }) => ({ score: by(score), positive }))

describe('laws', () => {
  test('the area by ranks is the area by pairs', () => {
    fc.assert(
      fc.property(items, list => {
        const pairs = list.flatMap(a => (a.positive ? list.filter(b => !b.positive).map(b => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)) : []))
        const expected = pairs.length === 0 ? null : pairs.reduce<number>((sum, won) => sum + won, 0) / pairs.length
        const found = rocAuc(list)
        if (expected === null) expect(found).toBeNull()
        else expect(found).toBeCloseTo(expected, 12)
      }),
    )
  })

  test.each<[string, (score: number) => number]>([['scaled', score => 3 * score - 1], ['cubed', score => score ** 3], ['exp', Math.exp]])(
    'a monotone transform of the scores changes nothing: %s',
    (_, by) => {
      fc.assert(
        fc.property(items, list => {
          expect(rocAuc(map(list, by))).toBe(rocAuc(list))
          expect(averagePrecision(map(list, by))).toBe(averagePrecision(list))
        }),
      )
    },
  )

  test('scores turned round turn the area round', () => {
    fc.assert(
      fc.property(items, list => {
        const auc = rocAuc(list)
        if (auc !== null) expect(rocAuc(map(list, score => -score))).toBeCloseTo(1 - auc, 12)
      }),
    )
  })

  test('the order of the items is no matter', () => {
    fc.assert(
      fc.property(items, list => {
        expect(rocAuc(list.toReversed())).toBe(rocAuc(list))
        expect(averagePrecision(list.toReversed())).toBe(averagePrecision(list))
      }),
    )
  })
})
