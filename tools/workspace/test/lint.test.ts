import { ESLint } from 'eslint'
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
let eslint: ESLint

beforeAll(() => {
  // Without a project graph @nx/enforce-module-boundaries says nothing at all.
  execFileSync(process.execPath, ['node_modules/nx/dist/bin/nx.js', 'show', 'projects'], { cwd: root })
  eslint = new ESLint({ cwd: root, overrideConfig: { languageOptions: { parserOptions: { projectService: false, project: false } } }, ruleFilter: ({ ruleId }) => RULES.has(ruleId) })
}, 60_000)

/** Only the rules that say who may touch what; those that need types would want the planted file in a project. */
const RULES = new Set(['@nx/enforce-module-boundaries', 'no-restricted-globals', 'no-restricted-properties', 'no-restricted-imports'])

/** The rules that refuse `code` when it stands in `file` (which is never written). */
async function refusals(file: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: resolve(root, file) })
  return (result?.messages ?? []).map((message) => message.ruleId)
}

describe('module boundaries', () => {
  test.each([
    ['core takes an adapter', 'libs/core/src/planted.ts', '@logpipe/storage'],
    ['an adapter takes another', 'libs/duckdb/src/planted.ts', '@logpipe/storage'],
    ['validation takes an adapter', 'libs/validation/src/planted.ts', '@logpipe/duckdb'],
    ['an adapter takes an app', 'libs/storage/src/planted.ts', '@logpipe/api/main'],
    ['production code of an adapter takes a tool', 'libs/storage/src/planted.ts', '@logpipe/azurite'],
  ])('refused: %s', async (_case, file, target) => {
    expect(await refusals(file, `import * as planted from '${target}'\nexport { planted }`)).toContain('@nx/enforce-module-boundaries')
  })

  test.each([
    ['an app takes an adapter', 'apps/functions/src/planted.ts', '@logpipe/storage'],
    ['a test of an adapter takes a tool', 'libs/storage/src/planted.test.ts', '@logpipe/azurite'],
  ])('allowed: %s', async (_case, file, target) => {
    expect(await refusals(file, `import * as planted from '${target}'\nexport { planted }`)).toEqual([])
  })
})

describe('orchestrators are deterministic', () => {
  const file = 'apps/functions/src/orchestrators/planted.ts'
  test.each([
    ['no-restricted-globals', 'export const now = Date.now()'],
    ['no-restricted-globals', 'export const now = new Date()'],
    ['no-restricted-globals', 'export const setting = process.env.X'],
    ['no-restricted-globals', "export const answer = fetch('http://127.0.0.1')"],
    ['no-restricted-globals', 'export const id = crypto.randomUUID()'],
    ['no-restricted-globals', 'setTimeout(() => undefined, 1)'],
    ['no-restricted-properties', 'export const dice = Math.random()'],
    ['no-restricted-imports', "import { readFile } from 'node:fs'\nexport { readFile }"],
  ])('%s refuses %s', async (rule, code) => {
    expect(await refusals(file, code)).toEqual([rule])
  })

  test('the same line is allowed in an activity', async () => {
    expect(await refusals('apps/functions/src/activities/planted.ts', 'export const now = Date.now()')).toEqual([])
  })
})

test('core takes no runtime and no vendor', async () => {
  expect(await refusals('libs/core/src/planted.ts', "import { readFile } from 'node:fs'\nexport { readFile }")).toEqual(['no-restricted-imports'])
  expect(await refusals('libs/core/src/planted.ts', "import { BlobServiceClient } from '@azure/storage-blob'\nexport { BlobServiceClient }")).toContain('no-restricted-imports')
})
