import { readFile } from 'node:fs/promises'
import type { PipelineDefinition } from '@logpipe/core'
import { SEVERITIES, type Severity } from '@logpipe/core/detections'
import type { EntityKind } from '@logpipe/loggen'
import type { Finding, Hit, Scored } from './finding.ts'
import { inspected } from './inspected.ts'
import { type ContextRows, type Published, runLayers, type Source } from './run-layers.ts'

/** What the pipeline says of one log. */
export interface LogpipeView {
  readonly findings: readonly Finding[]
  /** Addresses as anomalies.json ranks them: by severity, then by score. */
  readonly ranking: readonly Scored[]
  /** The score alone. */
  readonly scores: readonly Scored[]
  /** Names of the features, and their values for each of `scores`, in order. */
  readonly features: readonly string[]
  readonly table: readonly (readonly number[])[]
}

interface Anomaly {
  readonly entity_kind: EntityKind
  readonly entity: string
  readonly host: string
  readonly window_start: string
  readonly window_end: string
  readonly flagged: boolean
  readonly severity: Severity
  readonly agreement: 'both' | 'model' | 'detections' | null
  readonly detections: readonly { readonly id: string; readonly severity: Severity; readonly last_line: number }[]
}

/** Nats; a score of an address in a billion is 21 in each of eight features. */
const ABOVE_ANY_SCORE = 1000

interface FeatureRow {
  readonly host: string
  readonly address: string
  readonly feature: string
  readonly value: number
}

interface Firing {
  readonly id: string
  readonly kind: string
  readonly host: string
  readonly entity: string
  readonly at_us: number
}

const keyOf = ({ id, kind, host, entity }: Omit<Firing, 'at_us'>): string => JSON.stringify([id, kind, host, entity])

/** What a run hands to the next one of its stream: by output, the context relation that it becomes. */
const HANDED_ON = { model_values: 'known_values', model_logins: 'known_logins', model_hours: 'known_hours', carry: 'carried' } as const

/** Runs all layers over what came before, and gives what the next run of the stream is given: the model of this one file, and the lines carried over. */
export async function contextAfter(definition: PipelineDefinition, source: Source, dir: string): Promise<ContextRows> {
  const published = await runLayers(definition, source, dir)
  const rows = await Promise.all(Object.entries(HANDED_ON).map(async ([output, name]) => [name, await readFile(published.get(output)!, 'utf8')] as const))
  return Object.fromEntries(rows)
}

/** Runs all layers and reads what they flag: an entity is named where anomalies.json says `flagged`, that is at medium or higher. */
export async function lookAt(definition: PipelineDefinition, source: Source, dir: string): Promise<LogpipeView> {
  const published = await runLayers(inspected(definition), source, dir)
  const firings = Map.groupBy(await jsonRows<Firing>(published, 'inspected_firings'), (one) => keyOf(one))
  const scores = await jsonRows<Scored>(published, 'inspected_scores')
  const values = Map.groupBy(await jsonRows<FeatureRow>(published, 'inspected_features'), ({ host, address }) => `${host} ${address}`)

  /** Every minute in which a detection held. */
  const detected = ({ host, entity, entity_kind: kind, detections }: Anomaly): Hit[] =>
    detections
      .filter(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf('medium'))
      .flatMap(({ id }) => (firings.get(keyOf({ id, kind, host, entity })) ?? []).map(({ at_us }) => ({ rule: id, atMs: at_us / 1000, fromMs: at_us / 1000 })))

  const anomalies = await jsonRows<Anomaly>(published, 'anomalies')
  const addresses = anomalies.filter(({ entity_kind }) => entity_kind === 'address')
  const severityOf = new Map(addresses.map(({ host, entity, severity }) => [`${host} ${entity}`, SEVERITIES.indexOf(severity)]))
  return {
    findings: anomalies.filter(({ flagged }) => flagged).map((anomaly) => {
      const { entity_kind: kind, entity, host } = anomaly
      return { kind, entity, host, hits: [...detected(anomaly), ...scoreHit(anomaly)] }
    }),
    ranking: scores.map((scored) => ({ ...scored, score: scored.score + ABOVE_ANY_SCORE * (severityOf.get(`${scored.host} ${scored.address}`) ?? 0) })),
    scores,
    features: values.values().next().value?.map(({ feature }) => feature) ?? [],
    table: scores.map(({ host, address }) => (values.get(`${host} ${address}`) ?? []).map(({ value }) => value)),
  }
}

/** The score is that of the whole file: it can be told with the entity's last line. */
function scoreHit({ agreement, window_start, window_end }: Anomaly): Hit[] {
  if (agreement !== 'model' && agreement !== 'both') return []
  return [{ rule: 'score', atMs: Date.parse(window_end), fromMs: Date.parse(window_start) }]
}

async function jsonRows<Row>(published: Published, output: string): Promise<Row[]> {
  const text = await readFile(published.get(output)!, 'utf8')
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}
