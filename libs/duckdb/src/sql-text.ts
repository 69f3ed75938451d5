import type { Output, Schema } from '@logpipe/core'

/** SQL is put together from the definition and from paths of our own making; nothing that a log or a blob name says gets here. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A SELECT that reads an earlier output's files with the types of its schema: nothing is guessed from the data. */
export function readOutput(output: Pick<Output, 'format'>, schema: Schema, paths: readonly string[]): string {
  const files = `[${paths.map(literal).join(', ')}]`
  const columns = `{${schema.columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(', ')}}`
  switch (output.format) {
    case 'parquet':
      return `SELECT ${schema.columns.map(({ name }) => identifier(name)).join(', ')} FROM read_parquet(${files})`
    case 'jsonl':
      return `SELECT * FROM read_json(${files}, format = 'newline_delimited', columns = ${columns}, maximum_object_size = 4194304)`
    case 'json':
      return `SELECT * FROM read_json(${files}, format = 'unstructured', columns = ${columns}, maximum_object_size = 268435456)`
    case 'csv':
      return `SELECT * FROM read_csv(${files}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = ${columns})`
  }
}

/** A SELECT that reads twins (see WorkFolder) as they are. */
export const readTwins = (paths: readonly string[]): string => `SELECT * FROM read_parquet([${paths.map(literal).join(', ')}])`

const FORMULA_STARTS = ['=', '+', '-', '@', '\t', '\r', '\n', '\uff1d', '\uff0b', '\uff0d', '\uff20']

/** Text that a spreadsheet would run gets an apostrophe before it (CWE-1236); text that has one already is left alone. */
const formulaSafe = (name: string): string => {
  const column = identifier(name)
  const starts = FORMULA_STARTS.map((start) => `chr(${start.codePointAt(0) ?? 0})`).join(', ')
  return `CASE WHEN left(${column}, 1) IN (${starts}) THEN concat('''', ${column}) ELSE ${column} END AS ${column}`
}

const COPY_OPTIONS = {
  parquet: 'FORMAT parquet, COMPRESSION zstd',
  jsonl: 'FORMAT json',
  json: 'FORMAT json',
  csv: "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''",
} as const satisfies Record<Output['format'], string>

function written(format: Output['format'], { name, type }: Schema['columns'][number]): string {
  if (format === 'csv' && type === 'VARCHAR') return formulaSafe(name)
  if (type === 'JSON' && format !== 'parquet') return `CAST(${identifier(name)} AS JSON) AS ${identifier(name)}`
  return identifier(name)
}

/** COPY of the finished relation, rows in their order, to a file. */
export function writeOutput(output: Output, schema: Schema, path: string): string {
  const columns = schema.columns.map((column) => written(output.format, column))
  return `COPY (SELECT ${columns.join(', ')} FROM ${identifier(output.name)}) TO ${literal(path)} (${COPY_OPTIONS[output.format]})`
}
