import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogpipeError } from '@logpipe/core'
import { defaultDeployDir } from '@logpipe/databricks'
import { loadDefinition } from '@logpipe/definition'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run, sparkPython } from '../src/python/index.ts'
import { LIMITS, bronzeOf, lineSources } from '../src/spark/index.ts'

const DIR = defaultDeployDir()
/** Of lines and branches, by pytest-cov. What Spark's workers run is not counted (the parity suite holds it), and Azure's client has no server here. */
const COVERAGE = 80
let dir: string
let python: { python: string; javaHome: string }

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-layer-python-'))
  python = await sparkPython()
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const passes = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> => {
  const { code, output } = await run(python.python, args, { cwd: DIR, env: { PYTHONDONTWRITEBYTECODE: '1', ...env } })
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
}

test('ruff finds nothing', () => passes(['-m', 'ruff', 'check', '--no-cache', '.']))
test('every file is formatted', () => passes(['-m', 'ruff', 'format', '--no-cache', '--check', '.']))

test('pytest passes, held to what the embedded engine makes of the same sources', async () => {
  const definition = await loadDefinition()
  const cases: object[] = []
  for (const [i, { name, source, limits }] of lineSources().entries()) {
    const told = await bronzeOf(definition, source, limits, join(dir, String(i))).catch((error: unknown) => {
      if (error instanceof LogpipeError) return { error: { code: error.code, fields: { ...error.fields } } }
      throw error
    })
    const inPython = { max_line_bytes: limits?.maxLineBytes, max_ratio: limits?.maxRatio, max_bytes: limits?.maxBytes }
    cases.push({ name, source: source.toString('base64'), limits: inPython, ...told })
  }
  const fixtures = join(dir, 'fixtures.json')
  await writeFile(fixtures, JSON.stringify({ columns: definition.schemas.get('lines')?.columns, limits: LIMITS, cases }))
  const coverage = ['--cov=logpipe_layer', '--cov=run_layer', '--cov-branch', `--cov-fail-under=${COVERAGE}`, '--cov-report=term-missing']
  await passes(['-m', 'pytest', ...coverage], {
    LOGPIPE_LINE_FIXTURES: fixtures, COVERAGE_FILE: join(dir, 'coverage'), TMPDIR: dir, TZ: 'UTC', LC_ALL: 'C.UTF-8', JAVA_HOME: python.javaHome, PYSPARK_PYTHON: python.python, SPARK_LOCAL_IP: '127.0.0.1',
  })
})
