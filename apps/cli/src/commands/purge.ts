import { purge } from '@logpipe/core'
import { secondsOf } from '../anomalies/words.ts'
import { print, printJson, tell } from '../output.ts'
import { withTarget } from '../target/with-target.ts'

/** `logpipe purge --older-than TIME [--plan]`. */
export async function purgeRuns({ olderThan, plan, json }: { olderThan: string; plan: boolean; json: boolean }): Promise<number> {
  const endedBeforeMs = Date.now() - secondsOf(olderThan) * 1000
  return withTarget('storage', tell, async ({ store }) => {
    const purged = await purge(store, { endedBeforeMs, plan })
    if (json) printJson({ ok: true, data: { ...purged, plan } })
    else print(`${plan ? 'Would remove' : 'Removed'} ${purged.blobs} blobs (${purged.bytes.toLocaleString('en')} bytes) of ${purged.runs} runs, and ${purged.records} records.`)
    return 0
  })
}
