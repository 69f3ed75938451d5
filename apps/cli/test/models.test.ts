import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useHome } from './logpipe.ts'

const home = useHome()
const line = (minute: number, message: string): string => `Jan  5 10:${String(minute).padStart(2, '0')}:00 web-1 sshd[7]: ${message}\n`

interface Envelope {
  ok: boolean
  data: { current: string | null; held: boolean; versions: { version: string; parts: number }[]; lineage: unknown[]; sources: { onlySecond: string[] }; drift: Record<string, number | null> }
  error: { code: string }
}
const models = async (...words: string[]): Promise<{ code: number | null } & Envelope> => {
  const { code, stdout } = await home.logpipe('models', ...words, '--json')
  return { code, ...(JSON.parse(stdout) as Envelope) }
}
const run = async (name: string, text: string): Promise<void> => {
  await writeFile(join(home.dir, name), text)
  expect((await home.logpipe('run', join(home.dir, name))).code).toBe(0)
}

test('versions are listed, shown, compared, held and let go', async () => {
  expect(await models('list')).toMatchObject({ code: 0, data: { current: null, versions: [] } })
  expect((await home.logpipe('models', 'list')).stdout).toContain('No model yet')
  expect(await models('show')).toMatchObject({ code: 2, ok: false, error: { code: 'MODEL_NOT_FOUND' } })

  await run('one.log', line(1, 'Failed password for root from 192.0.2.7 port 50022 ssh2'))
  // More failures than are free in the score, too slow and too irregular for a detection.
  await run('two.log', [0, 1, 25, 27, 55].map((minute) => line(minute, 'Failed password for root from 192.0.2.8 port 50022 ssh2')).join(''))
  const { data } = await models('list')
  expect(data).toMatchObject({ held: false, versions: [{ version: data.current, parts: 2 }, { parts: 1 }] })
  const [second, first] = data.versions.map(({ version }) => version) as [string, string]
  expect((await models('show')).data.lineage).toHaveLength(2)
  const compared = await models('compare', first.slice(0, 6))
  expect(compared.data).toMatchObject({ sources: { onlySecond: [expect.stringContaining('two-log')] }, drift: { failures: 0.5, regularity: 0 } })

  expect((await models('rollback')).data).toEqual({ current: first, held: true })
  expect((await home.logpipe('models', 'list')).stdout).toContain(`* ${first}`)
  expect((await models('rollback')).error.code).toBe('MODEL_NOT_FOUND')
  expect((await models('promote', second)).data).toEqual({ current: second, held: true })
  expect((await models('promote', 'latest')).data).toEqual({ current: second, held: false })
})
