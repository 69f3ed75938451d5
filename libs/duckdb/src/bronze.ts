import { createHash } from 'node:crypto'
import { LogpipeError, type LayerResult, type Output } from '@logpipe/core'
import { HashingFile } from './hashing-file.ts'
import type { LayerContext } from './layer-context.ts'
import { LinesParquet } from './parquet/lines-parquet.ts'
import { publishPart } from './publish-part.ts'
import { schemaOf } from './schema-check.ts'
import { walkLines } from './source-lines.ts'

/** Raw to Parquet: every line of the source as it was, in one pass. */
export async function runBronze(context: LayerContext): Promise<LayerResult> {
  const { store, task, folder } = context
  const output = onlyOutput(context)
  const file = new HashingFile(folder.fresh('.parquet'))
  try {
    const writer = new LinesParquet(file, `${task.source.container}/${task.source.name}`, schemaOf(context.definition, output).columns)
    const content = createHash('sha256')
    const facts = await walkLines({ ...context, source: task.source }, (batch) => writer.add(batch), (chunk) => void content.update(chunk))
    const lines = writer.rows
    const written = await folder.keep(output.name, writer.finish())
    const part = await publishPart(store, task, output, written, lines)
    const warnings = [...(facts.bytes === 0 ? ['EMPTY_SOURCE'] : []), ...(facts.truncated ? ['GZIP_TRUNCATED'] : [])]
    return { parts: [part], counts: { lines, bytes: facts.bytes }, warnings, contentSha256: content.digest('hex') }
  } finally {
    file.discard()
  }
}

function onlyOutput({ task: { layer } }: LayerContext): Output {
  const [output, ...others] = layer.outputs
  if (output?.format === 'parquet' && output.sql === undefined && others.length === 0) return output
  throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `layer ${layer.name}: the engine makes one Parquet output here` })
}
