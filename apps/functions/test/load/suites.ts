import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Figures, writeFigures } from '../figures.ts'
import { PipelineHost } from '../pipeline-host.ts'
import { faults } from './faults.ts'
import { readers } from './readers.ts'
import { soak } from './soak.ts'
import { storm } from './storm.ts'

export interface LoadSizes {
  readonly size: Figures['size']
  readonly seed: number
  /** Storage faults in all. */
  readonly faults: number
  readonly storm: { readonly files: number; readonly events: number }
  /** Versions of a source that is read meanwhile. */
  readonly versions: number
  /** Small files at once. */
  readonly soak: number
}

const numbers = (figures: object): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[0] !== 'seed'))

/** The promises under load; each suite leaves its figures for docs/reliability.md. */
export function loadSuites({ size, seed, ...sizes }: LoadSizes): void {
  const keep = async <T extends object>(name: string, technique: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now()
    const found = await work()
    writeFigures(name, { technique, size, seed, figures: numbers(found), seconds: Math.round((performance.now() - started) / 1000), results: found })
    return found
  }
  const LONG = 3_600_000

  test(`${sizes.faults} seeded storage faults over whole runs: no output is wrong, every failed run says why and succeeds on a retry`, async () => {
    const found = await keep(`faults-${size}`, 'storage faults over whole runs', () => faults({ seed, wanted: sizes.faults }))
    expect(found).toMatchObject({ wrong: 0, mute: 0 })
    expect(found.injected).toBeGreaterThanOrEqual(sizes.faults)
  }, LONG)

  describe('without the blob trigger', () => {
    let pipeline: PipelineHost
    beforeAll(async () => void (pipeline = await PipelineHost.start({ 'AzureWebJobs.sourceDropped.Disabled': 'true', LOGPIPE_API_ENTRY: '' })))
    afterAll(() => pipeline.stop())

    test(`${sizes.storm.events} duplicated, reordered and missing events over ${sizes.storm.files} files: each has exactly one published result`, async () => {
      const found = await keep(`storm-${size}`, 'trigger storm', () => storm(pipeline, { seed, ...sizes.storm }))
      expect(found).toMatchObject({ runs: sizes.storm.files, published: sizes.storm.files, missed: 0, doubled: 0 })
      expect(found.withoutEvent).toBeGreaterThan(0)
    }, LONG)
  })

  describe('with the blob trigger', () => {
    let pipeline: PipelineHost
    beforeAll(async () => void (pipeline = await PipelineHost.start({ LOGPIPE_API_ENTRY: '', LOGPIPE_SCHEDULE: '0 0 0 1 1 *' })))
    afterAll(() => pipeline.stop())

    test(`${sizes.versions} versions published while three readers read: none is torn`, async () => {
      const found = await keep(`readers-${size}`, 'readers while versions are published', () => readers(pipeline, sizes.versions))
      expect(found.torn).toBe(0)
      expect(found.rounds).toBeGreaterThan(found.versions)
      expect(found.seen).toBeGreaterThan(1)
    }, LONG)
  })

  test(`${sizes.soak} small files at once: no run is lost, memory and handles stay flat`, async () => {
    const pipeline = await PipelineHost.start({ LOGPIPE_API_ENTRY: '', LOGPIPE_SCHEDULE: '0 0 0 1 1 *' })
    try {
      const found = await keep(`soak-${size}`, 'soak: small files at once', () => soak(pipeline, sizes.soak))
      expect(found.published).toBe(sizes.soak)
      if (size === 'sample') return // too short for a trend
      expect(found.handlesAfter).toBeLessThanOrEqual(found.handlesBefore + 20)
      expect(found.rssAfter).toBeLessThanOrEqual(found.rssBefore * 1.3 + 50)
    } finally {
      await pipeline.stop()
    }
  }, LONG)
}
