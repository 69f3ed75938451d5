import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { run, virtualEnvironment } from '../src/python/index.ts'

const IMAGES = fileURLToPath(new URL('../../../deploy/images', import.meta.url))

test('hadolint finds nothing in the Dockerfiles, and finds a planted fault', async () => {
  const python = await virtualEnvironment({ requirements: [fileURLToPath(new URL('../src/python/requirements-hadolint.txt', import.meta.url))] })
  const hadolint = join(dirname(python), 'hadolint')
  const files = (await readdir(IMAGES)).filter((name) => name.endsWith('.Dockerfile')).map((name) => join(IMAGES, name))
  expect(files).toHaveLength(2)
  expect(await run(hadolint, files)).toEqual({ code: 0, output: '' })
  expect(await run(hadolint, [fileURLToPath(new URL('planted.Dockerfile', import.meta.url))])).toMatchObject({ code: 1, output: expect.stringContaining('DL3007') as string })
}, 600_000)
