import { readFile } from 'node:fs/promises'
import type { PipelineDefinition } from '@logpipe/core'
import { SEVERITIES } from '@logpipe/core/detections'
import type { SilverEvent } from '@logpipe/core/silver'
import type { EntityKind } from '@logpipe/loggen'
import type { Finding, Hit, Scored } from './finding.ts'
import { firings, type Signal } from './firings.ts'
import { inspected } from './inspected.ts'
import { type ContextRows, type Published, runLayers, type Source } from './run-layers.ts'

/** What the pipeline says of one log. */
export interface LogpipeView {
  readonly findings: readonly Finding[]
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
  readonly agreement: 'both' | 'model' | 'detections' | null
  readonly detections: readonly { readonly id: string; readonly severity: (typeof SEVERITIES)[number]; readonly last_line: number }[]
}

interface FeatureRow {
  readonly host: string
  readonly address: string
  readonly feature: string
  readonly value: number
}

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
  const signals = (await jsonRows<SilverEvent>(published, 'events')).flatMap(signalOf)
  const timeOf = new Map(signals.map(({ lineNo, atMs }) => [lineNo, atMs]))
  const firingsOf = new Map(definition.detections.map((detection) => [detection.id, firings(detection, signals)]))
  const scores = await jsonRows<Scored>(published, 'inspected_scores')
  const values = Map.groupBy(await jsonRows<FeatureRow>(published, 'inspected_features'), ({ host, address }) => `${host} ${address}`)

  /** Every time that a detection held, and the strongest window that the pipeline tells. */
  const detected = ({ host, entity, window_end, detections }: Anomaly): Hit[] =>
    detections.filter(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf('medium')).flatMap(({ id, last_line }) => {
      const times = [...(firingsOf.get(id)?.get(`${host} ${entity}`) ?? []), timeOf.get(last_line) ?? Date.parse(window_end)]
      return times.map((atMs) => ({ rule: id, atMs, fromMs: atMs }))
    })

  const anomalies = await jsonRows<Anomaly>(published, 'anomalies')
  return {
    findings: anomalies.filter(({ flagged }) => flagged).map((anomaly) => {
      const { entity_kind: kind, entity, host } = anomaly
      return { kind, entity, host, hits: [...detected(anomaly), ...scoreHit(anomaly)] }
    }),
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

/** As signals.sql has it. */
function signalOf({ line_no, time, host, address, address_raw, user, event, outcome, attempt, method, repeat }: SilverEvent): Signal[] {
  if (time === null || (address === null && attempt === null)) return []
  const fields = { event, outcome, attempt, method, user_name: user, address: address ?? address_raw ?? '' }
  return [{ lineNo: line_no, atMs: Date.parse(time), host: host ?? '', fields, tries: repeat }]
}

async function jsonRows<Row>(published: Published, output: string): Promise<Row[]> {
  const text = await readFile(published.get(output)!, 'utf8')
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}
