import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const nx = (...words: string[]): string => execFileSync(process.execPath, ['node_modules/nx/dist/bin/nx.js', ...words], { cwd: root, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } })

const affectedBy = (file: string): string[] => (JSON.parse(nx('show', 'projects', '--affected', '--files', file, '--json')) as string[]).map((name) => name.replace('@logpipe/', '')).sort()

describe('nx affected', () => {
  test('a change of the pipeline definition touches what depends on it and nothing else', () => {
    const touched = affectedBy('pipelines/openssh/pipeline.yaml')
    expect(touched).toEqual(expect.arrayContaining(['openssh', 'definition', 'functions', 'cli']))
    for (const other of ['storage', 'processes', 'azurite', 'local-host', 'loggen', 'validation', 'aks']) expect(touched).not.toContain(other)
  })

  test('a change of what is deployed touches what deploys it', () => {
    expect(affectedBy('deploy/databricks/run_layer.py')).toEqual(expect.arrayContaining(['databricks', 'testbed', 'cli']))
    expect(affectedBy('deploy/aks/base/api.yaml')).toEqual(expect.arrayContaining(['aks', 'cli']))
  })

  test('a change of core touches every project that stands on it', () => {
    expect(affectedBy('libs/core/src/stages.ts')).toEqual(expect.arrayContaining(['core', 'storage', 'duckdb', 'functions', 'cli', 'api']))
  })
})

test('every project has lint, typecheck and test', () => {
  const { graph } = JSON.parse(nx('graph', '--print')) as { graph: { nodes: Record<string, { data: { tags?: string[]; targets?: Record<string, unknown> } }> } }
  const code = Object.entries(graph.nodes).filter(([, { data }]) => data.tags?.includes('layer:data') !== true)
  expect(code.length).toBeGreaterThan(10)
  for (const [name, { data }] of code) expect(Object.keys(data.targets ?? {}), name).toEqual(expect.arrayContaining(['lint', 'typecheck', 'test']))
})
