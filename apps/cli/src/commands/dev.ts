import { setTimeout as delay } from 'node:timers/promises'
import { LogpipeError, safeText } from '@logpipe/core'
import { z } from 'zod'
import { print, printJson, style, tell } from '../output.ts'
import { startEmbedded } from '../target/embedded.ts'
import { defaultHome } from '../target/home.ts'

const Instances = z.array(z.object({ instanceId: z.string(), runtimeStatus: z.string(), output: z.object({ status: z.string() }).nullish().catch(null) }))
const WATCH_MS = 500

/** `logpipe dev`, which is `npm run dev`: keeps the embedded target up and says what happens, until Ctrl-C. */
export async function dev(options: { json: boolean; storagePort?: number; port?: number; apiPort?: number }): Promise<number> {
  const target = await startEmbedded(defaultHome(), {
    serve: true,
    ...(options.apiPort === undefined ? {} : { apiPort: options.apiPort }),
    ...(options.storagePort === undefined ? {} : { storagePort: options.storagePort }),
    ...(options.port === undefined ? {} : { hostPort: options.port }),
  })
  const { hostUrl, hostKey, storage, home, dashboard } = target
  if (options.json) printJson({ ok: true, data: { hostUrl, hostKey, storage, home, dashboard } })
  else {
    print(`${style('bold', 'logpipe is up')}   state in ${home}\n`)
    print(`  dashboard     ${dashboard}\n`)
    print(`  drop a log    npx logpipe upload FILE        or any Azure Blob client, container bronze:`)
    print(`                ${storage}`)
    print(`  by HTTP       curl -X POST '${hostUrl}/api/runs?name=sshd.log' -H 'x-functions-key: ${hostKey}' -H 'content-type: text/plain' --data-binary @FILE`)
    print(`  watch         npx logpipe runs list\n`)
    print(style('dim', '  Ctrl-C ends it.\n'))
  }
  const broken = target.broken.then((part): never => {
    throw new LogpipeError('TARGET_ENDED', { part, log: `${home}/logs` })
  })
  const seen = new Map<string, string>()
  try {
    for (;;) {
      await Promise.race([watch(hostUrl, hostKey, seen).catch(() => delay(WATCH_MS)), broken]) // one that is gone says so by `broken`
      await Promise.race([delay(WATCH_MS), broken])
    }
  } finally {
    await target.stop() // the other parts hold this process, and it the folder
  }
}

/** Says each run once when it starts and once when it ends. */
async function watch(hostUrl: string, key: string, seen: Map<string, string>): Promise<void> {
  const first = seen.size === 0
  const answer = await fetch(`${hostUrl}/runtime/webhooks/durabletask/instances`, { headers: { 'x-functions-key': key }, signal: AbortSignal.timeout(10_000) })
  for (const { instanceId, runtimeStatus, output } of Instances.parse(await answer.json())) {
    const now = runtimeStatus === 'Completed' ? (output?.status ?? 'ended') : runtimeStatus.toLowerCase()
    if (seen.get(instanceId) === now) continue
    seen.set(instanceId, now)
    if (!first || runtimeStatus !== 'Completed') tell(`${new Date().toISOString().slice(11, 19)}  ${now.padEnd(10)} ${safeText(instanceId)}`)
  }
}
