import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LogpipeError, PipelineFile, Schema, type PipelineDefinition } from '@logpipe/core'
import { compileCatalogue, type CompiledCatalogue } from '@logpipe/core/catalogue'
import { compileDetections, Detection } from '@logpipe/core/detections'
import { checkReferences } from './check.ts'
import { Faults } from './faults.ts'
import { filesUnder, hashFiles, readFiles, type Files } from './files.ts'

const PRELUDE = /^([a-z]+)_prelude\.sql$/

/** Folder of the pipeline this workspace brings along. */
export const defaultDefinitionDir = (): string => dirname(fileURLToPath(import.meta.resolve('@logpipe/openssh/package.json')))

/**
 * Reads and checks a pipeline definition: pipeline.yaml, layers/*.sql, schemas/*.yaml, detections/*.yaml and events.yaml. All faults are
 * reported at once as CATALOGUE_NOT_VALID, one line each.
 */
export async function loadDefinition(dir: string = defaultDefinitionDir()): Promise<PipelineDefinition> {
  const files = await readFiles(resolve(dir)).catch((cause: unknown) => {
    throw new LogpipeError('CATALOGUE_NOT_VALID', { detail: `${dir}: the folder cannot be read` }, { cause })
  })
  const faults = new Faults()
  const sql = new Map(filesUnder(files, 'layers', '.sql'))
  const prelude = takePreludes(sql)
  const detections = readDetections(files, faults)
  for (const [file, text] of compileDetections(detections)) {
    if (sql.has(file)) faults.add(`layers/${file}`, 'this name is that of a compiled file')
    sql.set(file, text)
  }
  const schemas = readSchemas(files, faults)
  const catalogue = readCatalogue(files, faults)
  const pipeline = faults.parse('pipeline.yaml', need(files, 'pipeline.yaml', faults), PipelineFile)
  if (pipeline !== undefined) checkReferences(pipeline, sql, schemas, faults)
  if (pipeline === undefined || catalogue === undefined || faults.any) throw faults.error()

  const { name, version, context, layers, settings, quality } = pipeline
  const values = Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, setting.value]))
  return { name, version, context, layers, schemas, sql, catalogue, settings: values, quality, detections, prelude, hash: hashFiles(files) }
}

function need(files: Files, path: string, faults: Faults): string {
  const text = files.get(path)
  if (text === undefined) faults.add(path, 'there is no such file')
  return text ?? '{}'
}

function readCatalogue(files: Files, faults: Faults): CompiledCatalogue | undefined {
  const document = faults.yaml('events.yaml', need(files, 'events.yaml', faults))
  try {
    return document === undefined ? undefined : compileCatalogue(document)
  } catch (error) {
    if (!(error instanceof LogpipeError)) throw error
    for (const fault of String(error.fields.detail).split('\n')) faults.add('events.yaml', fault.replace(/^events\.yaml:? ?/, ''))
    return undefined
  }
}

function takePreludes(sql: Map<string, string>): Map<string, string> {
  const preludes = new Map<string, string>()
  for (const [file, text] of sql) {
    const engine = PRELUDE.exec(file)?.[1]
    if (engine === undefined) continue
    preludes.set(engine, text)
    sql.delete(file)
  }
  return preludes
}

function readDetections(files: Files, faults: Faults): Detection[] {
  return filesUnder(files, 'detections', '.yaml').flatMap(([file, text]) => {
    const detection = faults.parse(`detections/${file}`, text, Detection)
    if (detection === undefined) return []
    if (`${detection.id}.yaml` !== file) faults.add(`detections/${file}`, `its id is ${detection.id}; file and id have the same name`)
    return [detection]
  })
}

function readSchemas(files: Files, faults: Faults): Map<string, Schema> {
  const schemas = new Map<string, Schema>()
  for (const [file, text] of filesUnder(files, 'schemas', '.yaml')) {
    const schema = faults.parse(`schemas/${file}`, text, Schema)
    if (schema === undefined) continue
    if (`${schema.name}.yaml` !== file) faults.add(`schemas/${file}`, `its name is ${schema.name}; file and schema have the same name`)
    schemas.set(schema.name, schema)
  }
  return schemas
}
