import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useHome } from './logpipe.ts'

const home = useHome()
const data = async <T>(...words: string[]): Promise<T> => {
  const { stdout, stderr } = await home.logpipe(...words, '--json')
  const said = JSON.parse(stdout) as { ok: boolean; data: T }
  if (!said.ok) throw new Error(stdout + stderr)
  return said.data
}

test('backfill runs what has no run, tells what failed, and a second time finds nothing to do; purge frees what nothing needs', async () => {
  for (const [name, text] of [['a.log', 'Jan  5 10:00:00 web-1 sshd[7]: Failed password for root from 192.0.2.7 port 50022 ssh2\n'], ['b.log', ''], ['bad.bin', '\u0000\u0001'.repeat(5000)]] as const) {
    await writeFile(join(home.dir, name), text)
    expect((await home.logpipe('upload', join(home.dir, name), '--name', `old/${name}`)).code).toBe(0)
  }
  const first = await home.logpipe('backfill', '--prefix', 'old/', '--json')
  expect(first.code).toBe(1)
  expect(JSON.parse(first.stdout)).toMatchObject({ ok: true, data: { sources: 3, byStatus: { succeeded: 2, failed: 1 }, failed: [{ source: 'old/bad.bin', code: 'NOT_A_LOG' }] } })
  expect(await data('backfill', '--prefix', 'old/')).toEqual({ sources: 3, byStatus: { 'done before': 3 }, failed: [] })
  expect(await data('backfill', '--prefix', 'old/', '--until', '2020-01-01T00:00:00Z')).toMatchObject({ sources: 0 })
  const plan = await data<{ runs: number; blobs: number }>('purge', '--older-than', '1m', '--plan')
  expect(plan).toMatchObject({ runs: 0, blobs: 0 })
  expect((await home.logpipe('purge', '--older-than', 'long')).code).toBe(2)
})
