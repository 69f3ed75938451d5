import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { PipelineHost } from './pipeline-host.ts'

test('one drop is one run, also a minute later, with the timer firing all the while', async () => {
  const pipeline = await PipelineHost.start({ LOGPIPE_SCHEDULE: '*/5 * * * * *' })
  try {
    const runId = await pipeline.drop('once.log', 'Jan  5 10:00:00 web-1 sshd[7]: Failed password for root from 192.0.2.7 port 50022 ssh2\n')
    const first = await pipeline.ended(runId)
    await delay(65_000) // the time itself is what is tested: hundreds of polls, a dozen timers
    expect(await pipeline.runIds()).toEqual([runId])
    expect(await pipeline.ended(runId)).toEqual(first)
  } finally {
    await pipeline.stop()
  }
})
