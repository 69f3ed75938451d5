import { createHash } from 'node:crypto'
import { type Layer, LogpipeError, type Manifest, type ObjectStore, type Output, type Part, type Schema } from '@logpipe/core'
import { type Finding, look } from './finding.ts'

const NEWLINE = 10
const QUOTE = 34

/** What one walk over the bytes of a part tells. `rows`: its line ends that are not between quotes; null where the format has no lines. */
interface Walked {
  readonly sha256: string
  readonly rows: number | null
  readonly firstLine: string
}

async function walk(store: ObjectStore, part: Part, format: Output['format']): Promise<Walked> {
  const hash = createHash('sha256')
  const decoder = new TextDecoder()
  let [rows, quoted, firstLine, ended] = [0, false, '', false]
  for await (const chunk of store.read(part)) {
    hash.update(chunk)
    if (format === 'parquet' || format === 'json') continue
    if (!ended) {
      const end = chunk.indexOf(NEWLINE)
      ended = end !== -1
      firstLine += decoder.decode(chunk.subarray(0, ended ? end : undefined), { stream: !ended })
    }
    if (format === 'jsonl') for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) rows++
    else
      for (const byte of chunk) {
        if (byte === QUOTE) quoted = !quoted
        else if (byte === NEWLINE && !quoted) rows++
      }
  }
  return { sha256: hash.digest('hex'), rows: format === 'jsonl' ? rows : format === 'csv' ? rows - 1 : null, firstLine }
}

function columnsOf(firstLine: string, format: Output['format']): string[] {
  if (firstLine === '') return []
  return format === 'csv' ? firstLine.trimEnd().split(',') : Object.keys(JSON.parse(firstLine) as object)
}

/** Every part against its manifest and schema: it is there, whole, with the rows and columns that were written. */
export async function* inspectOutputs(store: ObjectStore, layers: readonly Layer[], schemas: ReadonlyMap<string, Schema>, manifests: readonly Manifest[]): AsyncGenerator<Finding> {
  const outputs = new Map(layers.flatMap((layer) => layer.outputs.map((output) => [output.name, output] as const)))
  const parts = manifests.flatMap((manifest) => manifest.parts)
  yield look('outputs-exist', () => {
    for (const name of outputs.keys()) if (!parts.some((part) => part.output === name)) throw new LogpipeError('OUTPUT_MISSING', { name })
    return `${outputs.size} outputs of ${manifests.length} layers`
  })
  for (const part of parts) yield inspectPart(store, part, outputs.get(part.output), schemas)
}

const inspectPart = (store: ObjectStore, part: Part, output: Output | undefined, schemas: ReadonlyMap<string, Schema>): Promise<Finding> =>
  look(`part:${part.output}`, async () => {
    const name = `${part.container}/${part.name}`
    const format = output?.format ?? 'parquet'
    const { sha256, rows, firstLine } = await walk(store, part, format).catch((error: unknown) => {
      if (error instanceof LogpipeError && error.code === 'BLOB_NOT_FOUND') throw new LogpipeError('OUTPUT_MISSING', { name }, { cause: error })
      throw error
    })
    if (sha256 !== part.sha256) throw new LogpipeError('OUTPUT_CORRUPT', { name, found: sha256, expected: part.sha256 })
    if (rows !== null && rows !== part.rows) throw new LogpipeError('OUTPUT_NOT_VALID', { detail: `${name}: ${rows} rows, the manifest says ${part.rows}` })
    const wanted = schemas.get(output?.schema ?? '')?.columns.map((column) => column.name).join()
    const columns = columnsOf(firstLine, format).join()
    if (columns !== '' && columns !== wanted) throw new LogpipeError('OUTPUT_NOT_VALID', { detail: `${name}: the columns are ${columns}, the schema says ${wanted}` })
    return `${part.bytes} bytes${part.rows === null ? '' : `, ${part.rows} rows`}, sha256 ${sha256.slice(0, 12)}…`
  })
