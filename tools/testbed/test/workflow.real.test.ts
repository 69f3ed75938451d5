import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const LINTER = resolve(import.meta.dirname, '../src/actionlint')
const WORKFLOW = resolve(import.meta.dirname, '../../../.github/workflows/pipeline-execution.yml')

/** actionlint, built by Go from the module versions and hashes of go.sum; what it says. */
async function actionlint(file: string): Promise<string> {
  const go = { cwd: LINTER, env: { ...process.env, GOTOOLCHAIN: 'local', GOWORK: 'off' } }
  return promisify(execFile)('go', ['tool', 'actionlint', '-no-color', file], go).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string; stderr?: string }) => `${error.stdout ?? ''}${error.stderr ?? ''}` || 'it could not be run',
  )
}

test('actionlint has nothing to say of the workflow, and does of a faulty one', async () => {
  expect(await actionlint(WORKFLOW)).toBe('')
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-workflow-'))
  try {
    const faulty = join(dir, 'faulty.yml')
    await writeFile(faulty, (await readFile(WORKFLOW, 'utf8')).replace('needs: lint-and-validate', 'needs: lint-and-validat'))
    expect(await actionlint(faulty)).toContain('lint-and-validat')
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
