import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { applies, valueOf } from '../src/workflow.ts'

interface Step {
  readonly if?: string
  readonly run?: string
  readonly uses?: string
}
interface Job {
  readonly needs?: string | string[]
  readonly 'timeout-minutes'?: number
  readonly permissions?: Record<string, string>
  readonly steps: readonly Step[]
}
const root = resolve(import.meta.dirname, '../../..')
const text = await readFile(join(root, '.github/workflows/pipeline-execution.yml'), 'utf8')
const workflow = parse(text) as { name: string; on: Record<string, unknown>; permissions: object; concurrency: object; jobs: Record<string, Job> }
const jobs = Object.entries(workflow.jobs)
const steps = jobs.flatMap(([name, job]) => job.steps.map((step) => [name, step] as const))

test('the seven jobs, each after those that it needs', () => {
  expect(workflow.name).toBe('Pipeline Execution (No Terraform)')
  const names = jobs.map(([name]) => name)
  expect(names).toEqual(['lint-and-validate', 'upload-source-data', 'deploy-databricks-pipeline', 'deploy-aks-services', 'execute-pipeline', 'validate-pipeline-execution', 'test-pipeline'])
  jobs.forEach(([name, { needs = [] }], at) => {
    for (const before of [needs].flat()) expect(names.indexOf(before), `${name} needs ${before}`).toBeLessThan(at)
    expect(at === 0 || [needs].flat().length > 0, `${name} waits for nothing`).toBe(true)
  })
  expect(Object.keys(workflow.on)).toEqual(['push', 'pull_request', 'workflow_dispatch'])
})

test('nothing of an event reaches a shell, every action is pinned, every job ends', () => {
  for (const [name, step] of steps) {
    expect(step.run ?? '', name).not.toContain('${{')
    if (step.uses !== undefined) expect(step.uses, name).toMatch(/@[0-9a-f]{40}$/)
  }
  for (const [name, job] of jobs) expect(job['timeout-minutes'], name).toBeGreaterThan(0)
  expect(text).not.toContain('github.event.')
  expect(workflow.permissions).toEqual({ contents: 'read' })
  for (const [name, { permissions, steps: own }] of jobs) expect(permissions?.['id-token'] === 'write', name).toBe(own.some(({ uses }) => uses?.startsWith('azure/login')))
})

test('each step of ours is one command that stands in the CLI, Nx or npm, and the runner can tell whether it runs', () => {
  for (const [name, { run, ...step }] of steps) {
    if (run === undefined) continue
    expect(run, name).toMatch(/^(npm (ci|test)|npx nx [a-z-]+ [^;&|]*|npx logpipe [^;&|]*)$/)
    expect(() => applies(step.if, {})).not.toThrow()
  }
})

test('without GitHub a value is the default of the input, or the variable of the shell', () => {
  const inputs = { until: { default: 'services' }, source: { default: '' } }
  expect(valueOf('UNTIL', "${{ inputs.until || 'services' }}", inputs, {})).toBe('services')
  expect(valueOf('UNTIL', "${{ inputs.until || 'services' }}", inputs, { UNTIL: 'gold' })).toBe('gold')
  expect(valueOf('KEY_VAULT', '${{ vars.KEY_VAULT }}', inputs, {})).toBe('')
  expect(valueOf('LOGPIPE_FUNCTIONS_KEY', '${{ secrets.FUNCTIONS_KEY }}', inputs, { FUNCTIONS_KEY: 'k' })).toBe('k')
  expect(valueOf('BLOB', 'ci/${{ github.ref_name }}.log', inputs, {})).toBe('ci/local.log')
  expect(applies("env.LOGPIPE_TARGET == 'azure'", { LOGPIPE_TARGET: 'embedded' })).toBe(false)
  expect(() => applies("github.actor == 'me'", {})).toThrow('github.actor')
})
