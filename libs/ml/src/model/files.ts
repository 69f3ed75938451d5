import { createHash } from 'node:crypto'
import { type BlobRef, LogpipeError, type ObjectStore, type Part, toJsonBytes } from '@logpipe/core'
import type { z } from 'zod'
import { type Model, ModelHead, TABLES } from './document.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const notValid = (name: string, detail: string, cause?: unknown): LogpipeError => new LogpipeError('MODEL_NOT_VALID', { name, detail }, { cause })

/** A model as files below `prefix`: head and tables, each with the context relation it fills. The same model gives the same bytes. */
export function modelFiles(model: Model, prefix: BlobRef): { readonly part: Part; readonly body: Uint8Array }[] {
  const fileOf = (output: string, name: string, body: Uint8Array, rows: number | null) =>
    ({ part: { output, container: prefix.container, name: `${prefix.name}${name}`, bytes: body.byteLength, sha256: sha256(body), rows }, body })
  const tables = TABLES.map(({ relation, file, of }) => {
    const rows = of(model)
    return fileOf(relation, file, Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')), rows.length)
  })
  const head: ModelHead = { ...model.head, tables: tables.map(({ part: { output, bytes, sha256: hash, rows } }) => ({ output, bytes, sha256: hash, rows })) }
  return [fileOf('model', 'model.json', toJsonBytes(head), null), ...tables]
}

async function readVerified(store: ObjectStore, part: Part): Promise<string> {
  const hash = createHash('sha256')
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of store.read(part)) {
      hash.update(chunk)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof LogpipeError && error.code === 'BLOB_NOT_FOUND') throw notValid(part.name, 'there is no such file', error)
    throw error
  }
  const found = hash.digest('hex')
  if (found !== part.sha256) throw notValid(part.name, `sha256 ${found}, it was written with ${part.sha256}`)
  return Buffer.concat(chunks).toString('utf8')
}

function parsed<Value>(name: string, text: string, shape: z.ZodType<Value>): Value {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw notValid(name, 'it is no JSON', error)
  }
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw notValid(name, `${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'not as its schema says'}`)
}

/**
 * A model by its files, those of a version or of a run's part. Refuses with MODEL_NOT_VALID what is missing, has another hash than was written, is of
 * another schema, or is no model.
 */
export async function readModel(store: ObjectStore, parts: readonly Part[]): Promise<Model> {
  const [one] = parts
  const partOf = (...outputs: string[]): Part => {
    const part = parts.find(({ output }) => outputs.includes(output))
    if (part === undefined) throw notValid(one?.name ?? 'the model', `it has no ${outputs[0]}`)
    return part
  }
  const headPart = partOf('model')
  const head = parsed(headPart.name, await readVerified(store, headPart), ModelHead)
  const rowsOf = async <Row>({ relation, output }: { relation: string; output: string }, row: z.ZodType<Row>): Promise<Row[]> => {
    const part = partOf(relation, output)
    const lines = (await readVerified(store, part)).split('\n').filter((line) => line !== '')
    return lines.map((line, i) => parsed(`${part.name} line ${i + 1}`, line, row))
  }
  const [values, logins, hours] = TABLES
  return { head, values: await rowsOf(values, values.row), logins: await rowsOf(logins, logins.row), hours: await rowsOf(hours, hours.row) }
}
