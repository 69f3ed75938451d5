import type { RunParams } from '@logpipe/core'
import { type SilverEvent, parseLine } from '@logpipe/core/silver'
import { findVersion, ModelHead, readIndex } from '@logpipe/ml'
import { singleLineDetections } from '../data/single-line.ts'
import { ok } from '../http/answers.ts'
import type { Routes } from './context.ts'

const VERSION = { type: 'object', properties: { version: { type: 'string', pattern: '^([0-9a-f]{4,16}|current)$' } } } as const
const MOST_LINES = 1000
const LINES = {
  type: 'object',
  required: ['lines'],
  additionalProperties: false,
  properties: {
    lines: { type: 'array', minItems: 1, maxItems: MOST_LINES, items: { type: 'string', maxLength: 65_536 } },
    timezone: { type: 'string', maxLength: 64, default: 'UTC', description: 'IANA zone of local times' },
    base_time: { type: 'string', format: 'date-time', description: 'Times without a year get the one nearest before it; now when left out' },
  },
} as const

interface Lines {
  readonly lines: readonly string[]
  readonly timezone: string
  readonly base_time?: string
}

const HOUR_MS = 3_600_000

/** Model versions, and scores of single lines by the current one. */
export const modelRoutes: Routes = (server, { options, reader, model, metrics }) => {
  server.get('/api/models', { schema: { summary: 'Versions of the model, newest first', tags: ['model'] }, config: { answers: 'Models' } }, async () => {
    const { current, held, parts, versions } = await readIndex(reader.store)
    return ok({ current, held, sources: parts.map(({ slug, runId, publishedMs }) => ({ slug, runId, publishedMs })), versions: versions.map(({ files: _files, ...version }) => version) })
  })

  server.get<{ Params: { version: string } }>('/api/models/:version', { schema: { summary: 'One version: features, threshold, lineage, files', tags: ['model'], params: VERSION } }, async ({ params }) => {
    const version = findVersion(await readIndex(reader.store), params.version)
    const part = version.files.find(({ output }) => output === 'model')
    const blob = part && (await reader.store.readSmall(part))
    const serving = await model.current()
    return ok({ version, head: blob ? ModelHead.parse(JSON.parse(new TextDecoder().decode(blob.body))) : null, serving: serving?.version.version === version.version })
  })

  let ready: Promise<{ read(line: string, params: RunParams, lineNo: number): ReturnType<typeof parseLine>; detect: ReturnType<typeof singleLineDetections> }> | undefined
  const definition = () =>
    (ready ??= options.definition().then(({ catalogue, detections }) => ({ read: (line, params, lineNo) => parseLine(line, catalogue, params, lineNo), detect: singleLineDetections(detections) })))

  server.post<{ Body: Lines }>('/score', { schema: { summary: 'Events, scores and single-line detections of some log lines', tags: ['model'], body: LINES }, config: { answers: 'Scored' } }, async ({ body }) => {
    const [{ read, detect }, { version, scorer }] = await Promise.all([definition(), model.get()])
    const base = body.base_time === undefined ? Date.now() : Date.parse(body.base_time)
    // By the hour, so that the parser made ready for a base time serves many requests.
    const params = { timezone: body.timezone, baseTimeMs: Math.ceil(base / HOUR_MS) * HOUR_MS }
    const events: SilverEvent[] = []
    const lines = body.lines.map((line, i) => {
      const { event, quarantine } = read(line.replace(/\r?\n$/, ''), params, i + 1)
      if (event !== null) events.push(event)
      return { event, quarantine, detections: event === null ? [] : detect(event) }
    })
    metrics.scoredLines += lines.length
    return ok({ model: version.version, lines, scores: scorer.scoreEvents(events) })
  })
}
