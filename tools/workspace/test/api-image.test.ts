import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProcess } from '@logpipe/processes'
import { expect, test } from 'vitest'
import { bundleApi } from '../src/api-bundle.ts'

test("what the API's image holds starts without node_modules and answers", async () => {
  const out = await mkdtemp(join(tmpdir(), 'logpipe-api-image-'))
  try {
    await bundleApi(out)
    const running = await startProcess({
      name: 'API',
      entry: join(out, 'main.mjs'),
      env: { LOGPIPE_STORAGE: 'UseDevelopmentStorage=true', LOGPIPE_API_KEY: 'key', LOGPIPE_API_PORT: '0', LOGPIPE_PIPELINE_DIR: join(out, 'pipelines/openssh') },
      logFile: join(out, 'api.log'),
      ready: (line) => /"url":"([^"]+)"/.exec(line)?.[1] ?? null,
    })
    try {
      expect((await fetch(new URL('/healthz', running.ready))).status).toBe(200)
    } finally {
      await running.stop()
    }
  } finally {
    await rm(out, { recursive: true, force: true })
  }
})
