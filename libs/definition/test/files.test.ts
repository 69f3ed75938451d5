import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultDefinitionDir, loadDefinition } from '../src/index.ts'

test('samples and published schemas are no part of what a run is made of', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-definition-'))
  try {
    await cp(defaultDefinitionDir(), dir, { recursive: true })
    const before = await loadDefinition(dir)
    for (const folder of ['fixtures', 'schemas/published']) {
      await mkdir(join(dir, folder), { recursive: true })
      await writeFile(join(dir, folder, 'more.yaml'), 'name: more\n')
    }
    expect((await loadDefinition(dir)).hash).toBe(before.hash)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
