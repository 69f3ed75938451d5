import { CONTAINERS } from '@logpipe/core'
import { loadConfig } from '@logpipe/definition/config'
import { connectBlobService, createBlobStore } from '@logpipe/storage'
import { print, printJson } from '../output.ts'

/** `logpipe storage init`: makes the containers in the account that LOGPIPE_STORAGE (or the config file) names. A second call changes nothing. */
export async function initStorage({ json }: { json: boolean }): Promise<number> {
  const { storage } = await loadConfig(process.env)
  const store = createBlobStore(await connectBlobService(storage.connection))
  const made = await store.ensureContainers()
  const containers = CONTAINERS.map((name) => ({ name, made: made.includes(name) }))
  if (json) printJson({ ok: true, data: { account: store.account, endpoint: store.endpoint, containers } })
  else print([`${store.account} (${store.endpoint})`, ...containers.map((container) => `  ${container.name.padEnd(9)} ${container.made ? 'made' : 'was there'}`)].join('\n'))
  return 0
}
