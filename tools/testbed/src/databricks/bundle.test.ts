import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { LAYER_STAGES, parseConfig } from '@logpipe/core'
import { folderOf, jobSpecs } from '@logpipe/databricks'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const FOLDER = resolve(import.meta.dirname, '../../../../deploy/databricks')
const ACCOUNT = 'examplestorage'
const HASH = 'a'.repeat(64)

interface Bundle {
  readonly include: readonly string[]
  readonly variables: Record<string, { readonly default?: string }>
  readonly targets: Record<string, { readonly workspace: { readonly file_path: string } }>
}

const bundle = parse(await readFile(join(FOLDER, 'databricks.yml'), 'utf8')) as Bundle

/** What the Databricks CLI makes of a value: `${…}` by target and variables. */
function filled(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{([\w.]+)\}/g, (_whole, name: string) => {
      const found = names.get(name)
      if (found === undefined) throw new Error(`the bundle has no ${name}`)
      return found
    })
  if (Array.isArray(value)) return value.map((one) => filled(one, names))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [filled(key, names), filled(one, names)]))
  return value
}

async function jobsOf(target: string): Promise<Record<string, unknown>> {
  const names = new Map([['bundle.target', target], ['var.storage_account', ACCOUNT], ['var.definition', HASH]])
  for (const [name, { default: value }] of Object.entries(bundle.variables)) if (value !== undefined) names.set(`var.${name}`, value)
  names.set('workspace.file_path', filled(bundle.targets[target]?.workspace.file_path, names) as string)
  const files = (await readdir(join(FOLDER, 'resources'))).map((name) => join(FOLDER, 'resources', name))
  const documents = await Promise.all(files.map(async (file) => parse(await readFile(file, 'utf8')) as { resources: { jobs: object } }))
  return filled(Object.assign({}, ...documents.map(({ resources }) => resources.jobs)), names) as Record<string, unknown>
}

describe('the bundle says what logpipe deploy databricks sends', () => {
  test.each(['dev', 'prod'])('target %s', async (environment) => {
    const options = { ...parseConfig({ storage: { connection: 'x' } }, {}).databricks, environment }
    const jobs = await jobsOf(environment)
    expect(bundle.include).toEqual(['resources/*.yml'])
    const payloads = jobSpecs(options, ACCOUNT, folderOf(environment, HASH))
    expect(jobs).toEqual(Object.fromEntries(LAYER_STAGES.map((layer, i) => [layer, payloads[i]])))
  })
})
