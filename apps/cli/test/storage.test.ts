import { join } from 'node:path'
import { startAzurite } from '@logpipe/azurite'
import { expect, test } from 'vitest'
import { useHome } from './logpipe.ts'

const home = useHome()

test('storage init makes what is missing, once', async () => {
  const azurite = await startAzurite({ dir: join(home.dir, 'account') })
  try {
    const init = async () => {
      const { code, stdout } = await home.start(['storage', 'init', '--json'], { LOGPIPE_STORAGE: azurite.connection }).ended
      expect(code).toBe(0)
      expect(stdout).not.toContain('AccountKey')
      return (JSON.parse(stdout) as { data: { containers: { name: string; made: boolean }[] } }).data.containers
    }
    const all = ['bronze', 'silver', 'gold', 'pipeline']
    expect(await init()).toEqual(all.map((name) => ({ name, made: true })))
    expect(await init()).toEqual(all.map((name) => ({ name, made: false })))
  } finally {
    await azurite.stop()
  }
})

test('without a setting it says which one is missing', async () => {
  const { code, stdout } = await home.logpipe('storage', 'init', '--json')
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'CONFIG_NOT_VALID', cause: expect.stringContaining('storage') as string } })
})
