import { expect, test } from 'vitest'
import { type Figures, writeFigures } from '../figures.ts'
import { type CleanRun, cleanRun, crash, type CrashPoint, type CrashResult, pointsOf } from './sweep.ts'

export interface SweepOptions {
  readonly size: Figures['size']
  readonly seed: number
  readonly lines: number
  /** Of the points of the clean run, those that are swept. */
  readonly choose: (points: readonly CrashPoint[]) => readonly CrashPoint[]
}

/** Declares the sweep as one test: whatever diverges is told at the end with its point and its write. */
export function sweepSuite({ size, seed, lines, choose }: SweepOptions): void {
  test(`a host killed at a write is followed by one that ends the run with the same bytes (seed ${seed})`, async () => {
    const began = Date.now()
    const clean = await cleanRun(seed, lines)
    try {
      expect(clean.state.status).toBe('succeeded')
      expect(clean.state.lines.parsed + clean.state.lines.quarantined).toBe(clean.state.lines.source)
      const results: CrashResult[] = []
      for (const point of choose(pointsOf(clean))) {
        // One that does not end at all is told like one that ends otherwise.
        results.push(await crash(clean, point).catch((error: unknown) => ({ ...point, write: '', orphans: 0, differences: [String(error)] })))
        writeFigures(`crash-sweep-${size}`, figuresOf(clean, results, { size, seed, seconds: Math.round((Date.now() - began) / 1000) }))
      }
      expect(results.filter(({ differences }) => differences.length > 0)).toEqual([])
    } finally {
      await clean.remove()
    }
  })
}

const figuresOf = (clean: CleanRun, results: readonly CrashResult[], run: Pick<Figures, 'size' | 'seed' | 'seconds'>): Figures => ({
  technique: 'crash-point sweep',
  ...run,
  figures: {
    'points swept': results.length,
    'of all points': clean.writes.length * 2,
    diverging: results.filter(({ differences }) => differences.length > 0).length,
    'lines lost or doubled': Math.abs(clean.state.lines.source - clean.state.lines.parsed - clean.state.lines.quarantined),
    'files left behind': results.reduce((sum, { orphans }) => sum + orphans, 0),
  },
  results,
})

/** `count` points spread over all, the offset by the seed. */
export const spread =
  (count: number, seed: number) =>
  (points: readonly CrashPoint[]): CrashPoint[] =>
    Array.from({ length: count }, (_, i) => points[Math.floor(((i + (seed % 10) / 10) * points.length) / count)]).filter((point) => point !== undefined)
