import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { debianPackage } from './debian-package.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-debian-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(dir, { recursive: true, force: true })
})

test('a machine without apt is a coded error', async () => {
  vi.stubEnv('PATH', dir)
  await expect(debianPackage({ name: 'fail2ban', version: '1.0.2' }, dir)).rejects.toMatchObject({ code: 'DEBIAN_MISSING' })
})

test('a mirror that does not answer is a coded error, and leaves nothing', async () => {
  await writeFile(join(dir, 'sources.list'), 'deb [trusted=yes] http://127.0.0.1:1/debian bookworm main\n')
  await writeFile(join(dir, 'apt.conf'), `Dir::Etc::SourceList "${join(dir, 'sources.list')}";\nDir::Etc::SourceParts "/dev/null";\nAcquire::http::Proxy "DIRECT";\n`)
  vi.stubEnv('APT_CONFIG', join(dir, 'apt.conf'))
  const cache = join(dir, 'cache')
  // Where there is no apt, the code is another; either way the person is told.
  const code: unknown = expect.stringMatching(/^(PACKAGE_NOT_REACHED|DEBIAN_MISSING)$/)
  await expect(debianPackage({ name: 'fail2ban', version: '1.0.2' }, cache)).rejects.toMatchObject({ name: 'DebianError', code })
  expect(await readdir(cache)).toEqual([])
})
