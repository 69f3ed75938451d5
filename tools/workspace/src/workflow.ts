import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'

// `npm run workflow -- [JOB…]`: the jobs of the workflow on this machine, in order, by the steps of the workflow's own file. Steps that are actions
// (checkout, login, artifacts) have no part in it: the checkout is here, and so are the login and the files of the job before.
const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)))
const FILE = join(root, '.github/workflows/pipeline-execution.yml')

interface Step {
  readonly name?: string
  readonly if?: string
  readonly run?: string
  readonly uses?: string
}
interface Workflow {
  readonly on: { readonly workflow_dispatch: { readonly inputs: Record<string, { readonly default: string }> } }
  readonly env: Record<string, string>
  readonly jobs: Record<string, { readonly env?: Record<string, string>; readonly steps: readonly Step[] }>
}

/**
 * A value of `env:` without GitHub: inputs have their defaults, variables and secrets are this shell's own variables of the same name. What is computed
 * is taken from the shell under the name of the variable itself.
 */
export function valueOf(name: string, text: string, inputs: Record<string, { readonly default: string }>, shell: NodeJS.ProcessEnv): string {
  const own = shell[name]
  if (own !== undefined) return own
  return text.replaceAll(/\$\{\{ *(.*?) *\}\}/g, (_whole, expression: string) => {
    const [, context, key] = /^(vars|secrets|inputs)\.(\w+)(?: \|\| '\w*')?$/.exec(expression) ?? []
    if (context === 'inputs') return inputs[key ?? '']?.default ?? ''
    return context === undefined ? (expression === 'github.ref_name' ? 'local' : '') : (shell[key ?? ''] ?? '')
  })
}

/** Whether a step runs. Throws for a condition that only GitHub can tell. */
export function applies(condition: string | undefined, env: NodeJS.ProcessEnv): boolean {
  if (condition === undefined || condition === 'always()') return true
  const [, name, value] = /^env\.(\w+) == '(\w+)'$/.exec(condition) ?? []
  if (name === undefined) throw new Error(`workflow: the condition ${condition} cannot be told here`)
  return env[name] === value
}

const shell = (run: string, env: NodeJS.ProcessEnv): Promise<number> =>
  new Promise((done) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', run], { cwd: root, env, stdio: 'inherit' })
    child.on('exit', (code) => done(code ?? 1))
  })

async function main(): Promise<number> {
  const { positionals } = parseArgs({ allowPositionals: true })
  const workflow = parse(await readFile(FILE, 'utf8')) as Workflow
  const wanted = positionals.length > 0 ? positionals : Object.keys(workflow.jobs)
  const unknown = wanted.filter((job) => !(job in workflow.jobs))
  if (unknown.length > 0) throw new Error(`workflow: there is no job ${unknown.join(', ')}; there are ${Object.keys(workflow.jobs).join(', ')}`)
  const temporary = await mkdtemp(join(tmpdir(), 'logpipe-workflow-'))
  const rows: string[] = []
  try {
    for (const name of wanted) {
      const job = workflow.jobs[name]
      const settings = Object.entries({ ...workflow.env, ...job?.env, LOGPIPE_TARGET: process.env['LOGPIPE_TARGET'] ?? 'embedded' })
      const given = settings.map(([key, text]) => [key, valueOf(key, text, workflow.on.workflow_dispatch.inputs, process.env)] as const).filter(([, value]) => value !== '')
      const env = { ...process.env, ...Object.fromEntries(given), GITHUB_STEP_SUMMARY: join(temporary, `${name}.md`) }
      const began = performance.now()
      for (const step of job?.steps ?? []) {
        // The packages are those of this checkout.
        if (step.run === undefined || step.run === 'npm ci' || !applies(step.if, env)) continue
        process.stdout.write(`\n--- ${name}: ${step.name ?? step.run}\n$ ${step.run}\n`)
        const code = await shell(step.run, env)
        if (code !== 0) {
          process.stdout.write(`\n${[...rows, `failed  ${name}: ${step.name ?? step.run} ended with ${code}`].join('\n')}\n`)
          return code
        }
      }
      const summary = await stat(env.GITHUB_STEP_SUMMARY).then(() => readFile(env.GITHUB_STEP_SUMMARY, 'utf8'), () => '')
      if (summary !== '') process.stdout.write(`\n${summary}\n`)
      rows.push(`ok      ${name.padEnd(28)} ${((performance.now() - began) / 1000).toFixed(1)} s`)
    }
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  process.stdout.write(`\n${rows.join('\n')}\n`)
  return 0
}

if (import.meta.main) process.exitCode = await main()
