import { readFile } from 'node:fs/promises'
import type { Output, Schema } from '@logpipe/core'
import { readCsv } from './csv.ts'

/** A value as text: numbers digit by digit, JSON columns in one spelling, their numbers by value. */
export type Cell = string | null
export type Rows = readonly (readonly Cell[])[]

/** A number as it was written: as a column of its own 1.50 is not 1.5. */
class Digits {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** Inside a document it is: DuckDB's JSON writer leaves out zeros that the SQL wrote. No more digits than a double holds are taken for one. */
  toJSON(): string {
    return `number ${this.text.replace(/[^0-9]/g, '').length <= 15 ? String(Number(this.text)) : this.text}`
  }
}

const parse = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => (typeof value === 'number' ? new Digits(context?.source ?? String(value)) : value))

function cellOf(value: unknown, type: string): Cell {
  if (value === null || value === undefined) return null
  if (type === 'JSON') return JSON.stringify(value)
  if (value instanceof Digits) return value.text
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What an engine has published: the rows of its parts, columns as in the schema. */
export async function readPublished(paths: readonly string[], output: Output, schema: Schema): Promise<Rows> {
  const parts: Rows[] = []
  for (const path of paths) parts.push(await readPart(path, output, schema))
  return parts.flat()
}

async function readPart(path: string, { format }: Output, { columns }: Schema): Promise<Rows> {
  const text = await readFile(path, 'utf8')
  if (format === 'csv') {
    const [header, ...rows] = readCsv(text)
    const names = columns.map(({ name }) => name)
    if (JSON.stringify(header) !== JSON.stringify(names)) throw new Error(`${path}: the header is ${String(header)}`)
    return rows
  }
  const lines = text.split('\n').filter(line => line !== '')
  return lines.map(line => {
    const row = new Map(Object.entries(parse(line) as object))
    return columns.map(({ name, type }) => cellOf(row.get(name), type))
  })
}

/** Brings a row of texts to the spelling that is compared. */
export const canonical = (row: readonly Cell[], { columns }: Schema): Cell[] =>
  row.map((cell, i) => (cell !== null && columns[i]?.type === 'JSON' ? cellOf(parse(cell), 'JSON') : cell))
