import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const binary = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js')
const account = 'devstoreaccount1'
// The emulator's well-known key; it opens nothing but an Azurite.
const wellKnownKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

export interface Azurite {
  connectionString: string
  stop(): Promise<void>
}

/** The blob service of a real Azurite, in memory, on a free port. */
export async function startAzurite(): Promise<Azurite> {
  const flags = ['--blobPort', '0', '--blobHost', '127.0.0.1', '--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck']
  const child = spawn(process.execPath, [binary, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) {
    const endpoint = /successfully listens on (http:\S+)/.exec(line)?.[1]
    if (!endpoint) continue
    child.stdout.resume()
    return {
      connectionString: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${wellKnownKey};BlobEndpoint=${endpoint}/${account};`,
      async stop() {
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
      },
    }
  }
  throw new Error('Azurite ended before it listened')
}
