import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '@logpipe/core'
import { expect, test } from 'vitest'
import { useHome } from './logpipe.ts'

const home = useHome()
const logpipe = async <Data>(...words: string[]): Promise<{ code: number | null; data: Data; error: { code: string } }> => {
  const { code, stdout } = await home.logpipe(...words, '--json')
  return { code, ...(JSON.parse(stdout) as { data: Data; error: { code: string } }) }
}

test('what was uploaded is run by its name, as far as the upload said', async () => {
  await writeFile(join(home.dir, 'one.log'), 'Jan  5 10:00:00 web-1 sshd[7]: Failed password for root from 192.0.2.7 port 50022 ssh2\n')
  const { data } = await logpipe<{ runId: string }>('upload', join(home.dir, 'one.log'), '--name', 'ci/source.log', '--until', 'gold')
  const { code, data: report } = await logpipe<Report>('run', '--blob', 'ci/source.log')
  expect({ code, runId: report.runId, status: report.status }).toEqual({ code: 0, runId: data.runId, status: 'succeeded' })
  expect(report.stages.filter(({ status }) => status === 'succeeded').map(({ name }) => name)).toEqual(['bronze', 'silver', 'gold'])
})

test('a name that is not there, and a file beside a name', async () => {
  expect(await logpipe('run', '--blob', 'nowhere.log')).toMatchObject({ code: 2, error: { code: 'BLOB_NOT_FOUND' } })
  expect(await logpipe('run', 'one.log', '--blob', 'ci/source.log')).toMatchObject({ code: 2, error: { code: 'USAGE' } })
})
