import type { FastifyInstance } from 'fastify'
import type { ServingModel } from '../data/model.ts'
import type { Reader } from '../data/reader.ts'
import type { FunctionsApp } from '../http/functions.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Sessions } from '../http/session.ts'
import type { ServerOptions } from '../server.ts'
import type { Streams } from './events.ts'

/** What routes need. */
export interface Context {
  readonly options: ServerOptions
  readonly reader: Reader
  readonly functions: FunctionsApp
  readonly model: ServingModel
  readonly metrics: Metrics
  readonly sessions: Sessions
  readonly streams: Streams
}

export type Routes = (server: FastifyInstance, context: Context) => void

const RUN = { type: 'string', pattern: '^[a-z0-9-]{1,120}$', description: 'A run id, or latest: the run published last' } as const
export const runParams = { type: 'object', properties: { run: RUN }, required: ['run'] } as const
export const page = (most: number, usual: number) =>
  ({ limit: { type: 'integer', minimum: 1, maximum: most, default: usual }, offset: { type: 'integer', minimum: 0, maximum: 1_000_000, default: 0 } }) as const
export interface Page {
  readonly limit: number
  readonly offset: number
}
