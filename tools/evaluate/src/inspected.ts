import { type Output, type PipelineDefinition, Schema } from '@logpipe/core'
import { compileFirings } from '@logpipe/core/detections'

/**
 * The pipeline with three more outputs that people have no use for: the score and the features of every address, and each minute in which a
 * detection fired, not the strongest window alone. Its own stay as they are.
 */
export function inspected(definition: PipelineDefinition): PipelineDefinition {
  const extra = [
    view('inspected_scores', 'SELECT s.host, s.address, CAST(s.score AS DOUBLE) AS score FROM scores s ORDER BY s.host, s.address', {
      host: 'VARCHAR', address: 'VARCHAR', score: 'DOUBLE',
    }),
    view('inspected_features', 'SELECT v.host, v.address, v.feature, CAST(v.value AS DOUBLE) AS value FROM feature_values v ORDER BY v.host, v.address, v.feature', {
      host: 'VARCHAR', address: 'VARCHAR', feature: 'VARCHAR', value: 'DOUBLE',
    }),
    view('inspected_firings', firingsSql(definition), { id: 'VARCHAR', kind: 'VARCHAR', host: 'VARCHAR', entity: 'VARCHAR', at_us: 'BIGINT' }),
  ]
  return {
    ...definition,
    schemas: new Map([...definition.schemas, ...extra.map(({ schema }) => [schema.name, schema] as const)]),
    sql: new Map([...definition.sql, ...extra.map(({ output, sql }) => [output.sql!, sql] as const)]),
    layers: definition.layers.map((layer) => (layer.name === 'ml' ? { ...layer, outputs: [...layer.outputs, ...extra.map(({ output }) => output)] } : layer)),
  }
}

const firingsSql = ({ detections }: PipelineDefinition): string => `SELECT f.id, f.kind, f.host, f.entity, min(f.at_us) AS at_us
FROM (
${compileFirings(detections)}
) f
GROUP BY f.id, f.kind, f.host, f.entity, floor(f.at_us / 60000000.0)
ORDER BY at_us, f.id, f.host, f.entity`

function view(name: string, sql: string, columns: Readonly<Record<string, string>>): { output: Output; sql: string; schema: Schema } {
  return {
    output: { name, path: `ml/${name}.json`, format: 'jsonl', sql: `${name}.sql`, schema: name },
    sql,
    schema: Schema.parse({ name, version: 1, columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, description: 'For the evaluation only' })) }),
  }
}
