import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withBuildLock } from './build-lock.ts'
import { run } from './run.ts'
import { virtualEnvironment } from './virtual-environment.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-python-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test('a Python that is not there is a coded error', async () => {
  await expect(virtualEnvironment({ requirements: [], python: join(dir, 'python3'), cacheDir: dir })).rejects.toMatchObject({ code: 'PYTHON_MISSING' })
})

test('two builds of one folder follow each other', async () => {
  const steps: string[] = []
  const build = (name: string) =>
    withBuildLock(join(dir, 'x.lock'), async () => {
      steps.push(`${name} starts`)
      await run(process.execPath, ['-e', ''])
      steps.push(`${name} ends`)
    })
  await Promise.all([build('a'), build('b')])
  expect(steps.map(step => step.slice(2))).toEqual(['starts', 'ends', 'starts', 'ends'])
  expect(existsSync(join(dir, 'x.lock'))).toBe(false)
})

test('the lock of a process that has died is taken over', async () => {
  // `-p` would colour the number where colours are forced.
  const dead = await run(process.execPath, ['-e', 'process.stdout.write(String(process.pid))'])
  await mkdir(join(dir, 'x.lock'))
  await writeFile(join(dir, 'x.lock', 'pid'), dead.output.trim())
  await expect(withBuildLock(join(dir, 'x.lock'), async () => 'built', 10_000)).resolves.toBe('built')
})

test('the lock of a process that lives is waited for, and then told', async () => {
  await mkdir(join(dir, 'x.lock'))
  await writeFile(join(dir, 'x.lock', 'pid'), String(process.pid))
  await expect(withBuildLock(join(dir, 'x.lock'), async () => 'built', 0)).rejects.toMatchObject({ code: 'BUILD_STUCK' })
})

test('a build that fails leaves nothing', async () => {
  const requirements = join(dir, 'requirements.txt')
  await writeFile(requirements, './missing-1.0-py3-none-any.whl\n')
  const failed = virtualEnvironment({ requirements: [requirements], cacheDir: join(dir, 'cache') })
  // Without python3 on the machine this is another code; either way the person is told.
  await expect(failed).rejects.toMatchObject({ name: 'PythonError', code: expect.stringMatching(/^(PACKAGES_NOT_INSTALLED|PYTHON_MISSING|PYTHON_NOT_FIT)$/) as string })
  expect(await readdir(join(dir, 'cache')).catch(() => [])).toEqual([])
}, 120_000)
