import { spawn } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

// `npm test`, `npm run test:real`, `npm run test:nightly`: one Nx run over every project, then one closing line that sums what the suites wrote.
const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)))
const mode = process.argv.includes('--real') ? 'real' : process.argv.includes('--nightly') ? 'nightly' : 'test'

/** With LOGPIPE_BASE (CI sets it where a base is known) only what the change touches; the figures of the rest come from Nx's cache. */
const base = process.env['LOGPIPE_BASE']
const targets = mode === 'test' ? ['lint', 'typecheck', 'test'] : [`test:${mode}`]
const selection = base && mode === 'test' ? ['affected', `--base=${base}`] : ['run-many']

const nx = (...words: string[]): Promise<number> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), ...words], { cwd: root, stdio: 'inherit', env: { ...process.env, NX_NO_CLOUD: 'true' } })
    child.on('exit', (code) => done(code ?? 1))
  })

interface Figures {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  success: boolean
}

async function projects(): Promise<string[]> {
  const groups = await Promise.all(
    ['libs', 'apps', 'tools'].map(async (group) => (await readdir(join(root, group), { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => join(root, group, entry.name))),
  )
  return groups.flat()
}

const dirs = await projects()
// What an earlier run left must not be counted; Nx puts back what it has cached.
await Promise.all(dirs.map((dir) => rm(join(dir, '.results', `${mode}.json`), { force: true })))
const code = await nx(...selection, '-t', ...targets, '--output-style=stream', ...(mode === 'test' ? [] : ['--parallel=1']))

const sum = { passed: 0, failed: 0, skipped: 0 }
for (const dir of dirs) {
  const text = await readFile(join(dir, '.results', `${mode}.json`), 'utf8').catch(() => null)
  if (text === null) continue
  const figures = JSON.parse(text) as Figures
  sum.passed += figures.numPassedTests
  sum.failed += figures.numFailedTests
  sum.skipped += figures.numPendingTests + figures.numTodoTests
}
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`)
process.exitCode = code === 0 && sum.failed === 0 ? 0 : 1
