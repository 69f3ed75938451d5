import type { PipelineFile, Schema } from '@logpipe/core'
import type { Faults } from './faults.ts'

/** Faults between the parts: names that point nowhere, names used twice, files nobody reads. */
export function checkReferences(
  pipeline: PipelineFile,
  sql: ReadonlyMap<string, string>,
  schemas: ReadonlyMap<string, Schema>,
  faults: Faults,
): void {
  const outputs = new Set<string>()
  const context = new Set<string>()
  const paths = new Set<string>()
  const usedSql = new Set<string>()
  const usedSchemas = new Set<string>()
  const wantSql = (where: string, file: string): void => {
    usedSql.add(file)
    if (!sql.has(file)) faults.add('pipeline.yaml', `${where}: there is no layers/${file}`)
  }

  const wantSchema = (where: string, schema: string): void => {
    usedSchemas.add(schema)
    if (!schemas.has(schema)) faults.add('pipeline.yaml', `${where}: there is no schemas/${schema}.yaml`)
  }

  for (const { name, schema } of pipeline.context) {
    if (context.has(name)) faults.add('pipeline.yaml', `context ${name} is declared twice`)
    context.add(name)
    wantSchema(`context ${name}`, schema)
  }
  for (const layer of pipeline.layers) {
    for (const input of layer.inputs) {
      if (!outputs.has(input) && !context.has(input)) faults.add('pipeline.yaml', `layer ${layer.name}: no layer before it makes ${input}`)
    }
    const relations = new Set([...layer.inputs, 'params', 'settings'])
    for (const view of layer.views) {
      if (relations.has(view.name)) faults.add('pipeline.yaml', `layer ${layer.name}: the name ${view.name} is taken twice`)
      relations.add(view.name)
      wantSql(`view ${view.name}`, view.sql)
    }
    for (const output of layer.outputs) {
      const path = `${layer.container}/${output.path}`
      if (outputs.has(output.name) || context.has(output.name)) faults.add('pipeline.yaml', `output ${output.name} is declared twice`)
      if (paths.has(path)) faults.add('pipeline.yaml', `output ${output.name}: ${path} is written twice`)
      outputs.add(output.name)
      paths.add(path)
      wantSchema(`output ${output.name}`, output.schema)
      if (output.sql !== undefined) wantSql(`output ${output.name}`, output.sql)
    }
  }
  for (const file of sql.keys()) if (!usedSql.has(file)) faults.add(`layers/${file}`, 'nothing in pipeline.yaml reads it')
  for (const name of schemas.keys()) if (!usedSchemas.has(name)) faults.add(`schemas/${name}.yaml`, 'nothing in pipeline.yaml uses it')
}
