import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startHostProcess, tempHome } from '../test/host-process.ts'
import { fillWithRuns, stateSize } from '../test/many-runs.ts'

const RUNS = 10_000
let home: ReturnType<typeof tempHome>
beforeEach(() => {
  home = tempHome()
})
afterEach(() => home.remove())

/** The best of three starts in ms: the machine may be busy with something else. */
async function startMs(): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < 3; n++) {
    const began = performance.now()
    const host = await startHostProcess('durable', home)
    times.push(performance.now() - began)
    await host.stop()
  }
  return Math.min(...times)
}

test(`a host with ${RUNS} ended runs stays small and starts in under 2 s`, async () => {
  await fillWithRuns(home, RUNS)
  const full = await startMs()
  const size = stateSize(home)
  const figures = { 'ended runs': size.runs, 'bytes a run': size.bytesPerRun, 'ms to start': Math.round(full) }
  const folder = new URL('../.results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const report = { technique: 'host state with many ended runs', size: 'full', seed: null, date: new Date().toISOString().slice(0, 10), figures, seconds: Math.round(performance.now() / 1000) }
  writeFileSync(new URL('host-state.json', folder), `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  expect(size).toMatchObject({ runs: RUNS, openHistory: 0, packed: RUNS })
  expect(size.bytesPerRun).toBeLessThan(8 * 1024)
  expect(full).toBeLessThan(2000)
})
