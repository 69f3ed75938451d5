import type { PipelineDefinition, Schema } from '@logpipe/core'
import { cell, generatedFrom, table } from './markdown.ts'

const FORMAT = { parquet: 'Parquet', jsonl: 'JSON lines, every field always present', csv: 'CSV (RFC 4180, with a header)', json: 'one JSON document' } as const

const columns = ({ columns }: Schema): string =>
  table(
    ['column', 'type', 'null', 'meaning'],
    columns.map(({ name, type, nullable, description }) => [`\`${name}\``, type, nullable ? 'yes' : '', cell(description)]),
  )

/** docs/schemas.md: each output of each layer with its columns, and the context. */
export function schemasPage({ context, layers, schemas }: Pick<PipelineDefinition, 'context' | 'layers' | 'schemas'>): string {
  const given = context.flatMap(({ name, schema: file }) => {
    const schema = schemas.get(file)
    return schema === undefined ? [] : [`### ${name}`, `Schema \`${schema.name}\` version ${schema.version}.`, columns(schema)]
  })
  const sections = layers.flatMap((layer) => [
    `## ${layer.name}`,
    ...layer.outputs.flatMap((output) => {
      const schema = schemas.get(output.schema)
      if (schema === undefined) return []
      return [`### ${output.name}`, `\`${layer.container}/…/${output.path}\`: ${FORMAT[output.format]}. Schema \`${schema.name}\` version ${schema.version}.`, columns(schema)]
    }),
  ])
  return [
    '# Outputs and their columns',
    generatedFrom('`pipelines/openssh/schemas/*.yaml` and `pipeline.yaml`'),
    `Every write is held to its schema. How a schema may change stands in [pipelines/openssh/README.md](../pipelines/openssh/README.md). Types are those that
DuckDB and Spark share; in JSON a TIMESTAMP is ISO 8601 text in UTC and a BIGINT a number. In CSV, null is an empty field, and a text that would
start a formula has an apostrophe before it.`,
    ...sections,
    '## Context',
    'What gold and ml are given besides the source, pinned when a run starts: history from the model, the end of the file before in the stream, judgements of people. A relation without a part is empty.',
    ...given,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}
