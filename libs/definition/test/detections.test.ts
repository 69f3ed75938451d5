import type { SampleRows } from '@logpipe/core/detections'
import { describe, expect, test } from 'vitest'
import { at, event, numbered } from './event.ts'
import { definition, runLayer } from './run-layer.ts'

const eventsOf = (samples: readonly SampleRows[]) =>
  numbered(
    samples.flatMap((sample, part) =>
      Array.from({ length: sample.times }, (_, i) =>
        event({
          time: at(sample.at_s + i * sample.every_s),
          pid: 1 + part * 10_000 + i,
          attempt: sample.attempt,
          event: sample.event,
          method: sample.method,
          host: sample.host.replace('{n}', String(i + 1)),
          repeat: sample.repeat,
          user: sample.user.replace('{n}', String(i + 1)),
          address: sample.address.replace('{n}', String(i + 1)),
          outcome: sample.attempt === 'auth_accepted' ? 'success' : 'failure',
        }),
      ),
    ),
  )

const hits = async (samples: readonly SampleRows[], id: string) =>
  (await runLayer('gold', { events: eventsOf(samples) })).detections!.rows.filter((row) => row.detection === id)

describe.each(definition.detections)('$id', ({ id, parameters, samples, severity, technique }) => {
  test('fires on its firing sample, at the threshold itself', async () => {
    expect(await hits(samples.firing, id)).toMatchObject([{ observed: parameters.threshold, threshold: parameters.threshold, severity, technique }])
  })

  test('is quiet one step below', async () => {
    expect(await hits(samples.quiet, id)).toEqual([])
  })
})
