import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { emptyRelation, LogpipeError, type LayerResult, type Output, type Part } from '@logpipe/core'
import type { WrittenFile } from './hashing-file.ts'
import type { LayerContext } from './layer-context.ts'
import { publishPart } from './publish-part.ts'
import { checkSchema, schemaOf } from './schema-check.ts'
import type { Session } from './session.ts'
import { identifier, readOutput, readTwins, writeOutput } from './sql-text.ts'

/** Gold and ml: earlier outputs by name, the layer's views in order, then each output from its SELECT, checked and published. */
export async function runSqlLayer(context: LayerContext, session: Session): Promise<LayerResult> {
  return session.abortable(context.signal, async () => {
    try {
      return await runLayer(context, session)
    } catch (error) {
      // A twin has fewer columns than its part: a definition that asks for more is wrong only if it fails without twins too.
      const ofDefinition = error instanceof LogpipeError && (error.code === 'CATALOGUE_NOT_VALID' || error.code === 'OUTPUT_NOT_VALID')
      if (!ofDefinition || !session.readsTwins) throw error
      session.readsTwins = false
      return await runLayer(context, session)
    }
  })
}

async function runLayer(context: LayerContext, session: Session): Promise<LayerResult> {
  const { task, signal } = context
  await makeParameters(context, session)
  let byRows = false
  for (const input of task.layer.inputs) if ((await makeInput(context, session, input)) === 'rows') byRows = true
  for (const { name, materialized, sql } of task.layer.views) {
    await make(session, name, materialized === true || (materialized === 'rows' && byRows) ? 'TABLE' : 'VIEW', sqlOf(context, sql), sql)
  }
  const parts: Part[] = []
  for (const output of task.layer.outputs) {
    signal.throwIfAborted()
    parts.push(await makeOutput(context, session, output))
  }
  const counts = Object.fromEntries(parts.flatMap(({ output, rows }) => (rows === null ? [] : [[output, rows]])))
  return { parts, counts, warnings: [] }
}

/**
 * Makes a relation, unless the very same is there from the layer before: gold and ml share their first views. What is made anew makes
 * all that is made after it anew, because that may read it.
 */
async function make(session: Session, name: string, kind: 'TABLE' | 'VIEW', sql: string, file: string): Promise<void> {
  const key = `${kind} ${sql}`
  if (session.made.get(name) === key) return
  const names = [...session.made.keys()]
  for (const stale of session.made.has(name) ? names.slice(names.indexOf(name)) : []) {
    const [staleKind = ''] = session.made.get(stale)?.split(' ', 1) ?? []
    await session.connection.run(`DROP ${staleKind} ${identifier(stale)}`)
    session.made.delete(stale)
  }
  await runSql(session, `CREATE ${kind} ${identifier(name)} AS\n${sql}`, file)
  session.made.set(name, key)
}

/** An error in the text of the SQL is the definition's fault; any other is this machine's (memory, disk) or a bug, and is told as it is. */
async function runSql(session: Session, sql: string, file: string): Promise<void> {
  try {
    await session.connection.run(sql)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (!/^(Parser|Binder|Catalog) Error/.test(message)) throw error
    throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `layers/${file}: ${message}` }, { cause: error })
  }
}

function sqlOf({ definition, task }: LayerContext, file: string | undefined): string {
  const sql = file === undefined ? undefined : definition.sql.get(file)
  if (sql === undefined) throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `layer ${task.layer.name}: there is no layers/${file ?? '*.sql'}` })
  return sql.trim().replace(/;$/, '')
}

/** `params` (one row: timezone, base_time) and `settings` (one row, a column each). */
async function makeParameters({ definition, task }: LayerContext, session: Session): Promise<void> {
  if (session.made.has('settings')) return
  const { connection } = session
  const prelude = definition.prelude.get('duckdb')
  if (prelude !== undefined) await runSql(session, prelude, 'duckdb_prelude.sql')
  await connection.run('CREATE TABLE params (timezone VARCHAR, base_time TIMESTAMP)')
  await connection.run('INSERT INTO params SELECT $1::VARCHAR, make_timestamp($2::BIGINT * 1000)', [task.params.timezone, BigInt(task.params.baseTimeMs)])
  const settings = Object.entries(definition.settings).map(([name, value]) => `${value} AS ${identifier(name)}`)
  await connection.run(`CREATE TABLE settings AS SELECT ${settings.length > 0 ? settings.join(', ') : 'NULL AS none'}`)
  session.made.set('settings', 'TABLE settings')
}

/** Gives how each later SELECT reads it. Context is small: its rows do not count. */
async function makeInput(context: LayerContext, session: Session, name: string): Promise<'columns' | 'rows'> {
  const { definition, task, folder, store, signal } = context
  const given = definition.context.find((candidate) => candidate.name === name)
  const input = given ?? definition.layers.flatMap(({ outputs }) => outputs).find((candidate) => candidate.name === name)
  if (input === undefined) throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `layer ${task.layer.name}: no layer makes ${name}` })
  const schema = schemaOf(definition, input)
  const parts = task.inputs.filter((part) => part.output === name)
  if (parts.length === 0) {
    if (input !== given) throw new LogpipeError('OUTPUT_MISSING', { name })
    await make(session, name, 'VIEW', emptyRelation(schema), name)
    return 'columns'
  }
  const twins = session.readsTwins ? parts.flatMap((part) => folder.twin(part) ?? []) : []
  if (twins.length === parts.length) {
    await make(session, name, 'VIEW', readTwins(twins), name)
    return 'columns'
  }
  const paths: string[] = []
  for (const part of parts) paths.push(await folder.fetch(part, store, signal))
  // Files are named by content: the same SELECT means the same rows.
  await make(session, name, 'VIEW', readOutput(input, schema, paths), name)
  return input === given || input.format === 'parquet' ? 'columns' : 'rows'
}

async function makeOutput(context: LayerContext, session: Session, output: Output): Promise<Part> {
  const { definition, task, folder, store } = context
  const schema = schemaOf(definition, output)
  await make(session, output.name, 'TABLE', sqlOf(context, output.sql), output.sql ?? '')
  await checkSchema(session.connection, output, schema)
  const path = folder.fresh(`.${output.format}`)
  try {
    const copied = await session.connection.runAndReadAll(writeOutput(output, schema, path))
    const rows = Number(copied.getRowsJson()[0]?.[0])
    if (output.format === 'json' && rows !== 1) {
      throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `layers/${output.sql ?? ''}: a document is one row; it gave ${rows}` })
    }
    const file = await folder.keep(output.name, await hashFile(path))
    return await publishPart(store, task, output, file, output.format === 'json' ? null : rows)
  } finally {
    await rm(path, { force: true })
  }
}

async function hashFile(path: string): Promise<WrittenFile> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array)
  return { path, bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}
