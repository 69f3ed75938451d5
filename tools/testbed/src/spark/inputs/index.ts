import type { RunParams } from '@logpipe/core'
import type { CompiledCatalogue } from '@logpipe/core/catalogue'
import { generateLog } from '@logpipe/loggen'
import { HEADERS } from './headers.ts'
import { hostileLog } from './hostile.ts'

export interface ParityInput {
  readonly name: string
  readonly title: string
  readonly log: Buffer
  readonly params: RunParams
}

/** Header forms each sample is written in. */
const FORMS = 6

function samplesLog({ messages }: CompiledCatalogue): Buffer {
  const lines = messages.flatMap(({ sample }, i) => Array.from({ length: FORMS }, (_, form) => HEADERS[(i + form) % HEADERS.length]?.(sample.message, 1000 + i) ?? ''))
  return Buffer.from(lines.map(line => `${line}\n`).join(''))
}

/** What both engines are given. The same bytes each time. */
export const parityInputs = (catalogue: CompiledCatalogue): ParityInput[] => [
  {
    name: 'samples',
    title: `each sample of the catalogue in ${FORMS} of ${HEADERS.length} header forms`,
    log: samplesLog(catalogue),
    params: { timezone: 'UTC', baseTimeMs: Date.UTC(2016, 0, 2, 3, 4, 5) },
  },
  {
    name: 'hostile',
    title: 'a hostile corpus, local times of Europe/Berlin',
    log: hostileLog(),
    params: { timezone: 'Europe/Berlin', baseTimeMs: Date.UTC(2016, 0, 2, 3, 4, 5) },
  },
  {
    name: 'generated',
    title: 'a generated log of three hosts under attack',
    log: Buffer.concat([...generateLog({ seed: 20_230, lines: 20_000 })]),
    params: { timezone: 'UTC', baseTimeMs: Date.UTC(2025, 3, 1) },
  },
  { name: 'empty', title: 'an empty file', log: Buffer.alloc(0), params: { timezone: 'UTC', baseTimeMs: 0 } },
]
