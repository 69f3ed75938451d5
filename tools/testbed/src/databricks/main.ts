// node tools/testbed/src/databricks/main.ts: Azurite and a Databricks workspace on this machine, until interrupted. Jobs run on real PySpark.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAzurite } from '@logpipe/azurite'
import { EMULATOR, sparkRunner, startWorkspaceDouble, withEmulatorPort } from './index.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

async function serve(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-testbed-'))
  await writeFile(join(dir, 'account-key'), EMULATOR.key, { mode: 0o600 })
  const azurite = await startAzurite({ dir, port: EMULATOR.port })
  const double = await startWorkspaceDouble({ runner: await sparkRunner() })
  const token = randomBytes(16).toString('hex')
  double.tokens.set(token, 'valid')
  double.world.scopes.set('logpipe', new Map([['storage-key', EMULATOR.key]]))
  say(`export LOGPIPE_TARGET=azure LOGPIPE_STORAGE='${azurite.connection}'
export DATABRICKS_HOST=${double.host} DATABRICKS_TOKEN=${token}
export LOGPIPE_DATABRICKS_SCHEME=wasb LOGPIPE_DATABRICKS_BLOB_ENDPOINT=${azurite.url}

npx logpipe deploy databricks && npm start -- FILE --engine databricks`)
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
  await double.close()
  await azurite.stop()
  await rm(dir, { recursive: true, force: true })
}

await withEmulatorPort(serve)
