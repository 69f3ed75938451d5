import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess, type RunningProcess } from '@logpipe/processes'

const ACCOUNT = 'devstoreaccount1'

export interface Azurite {
  readonly connection: string
  readonly url: string
  readonly exited: Promise<string>
  stop(): Promise<void>
}

/** A key of this folder's own: with the well-known one any web page could sign requests to the loopback port. */
async function accountKey(dir: string): Promise<string> {
  const path = join(dir, 'account-key')
  try {
    return await readFile(path, 'utf8')
  } catch {
    const key = randomBytes(64).toString('base64')
    await writeFile(path, key, { mode: 0o600 })
    return key
  }
}

export interface AzuriteOptions {
  readonly dir: string
  readonly port?: number
  readonly logFile?: string
  /** PEM files: HTTPS, and Entra tokens are taken (claims are checked, the signature is not). */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** Real Azurite (blob service) on a loopback port; `dir` keeps its data. Stop it by `stop`: SIGKILL loses acknowledged writes. */
export async function startAzurite({ dir, port = 0, logFile = join(dir, 'azurite.log'), tls }: AzuriteOptions): Promise<Azurite> {
  await mkdir(dir, { recursive: true })
  const key = await accountKey(dir)
  const secure = tls ? ['--oauth', 'basic', '--cert', tls.cert, '--key', tls.key] : []
  const running: RunningProcess<string> = await startProcess({
    name: 'storage (Azurite)',
    entry: fileURLToPath(new URL('./launcher.mjs', import.meta.url)),
    args: ['--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', dir, '--silent', '--disableTelemetry', '--skipApiVersionCheck', ...secure],
    env: { AZURITE_ACCOUNTS: `${ACCOUNT}:${key}` },
    logFile,
    ready: (line) => /successfully listens on (https?:\S+)/.exec(line)?.[1] ?? null,
  })
  const url = `${running.ready}/${ACCOUNT}`
  return {
    connection: `DefaultEndpointsProtocol=${new URL(url).protocol.slice(0, -1)};AccountName=${ACCOUNT};AccountKey=${key};BlobEndpoint=${url};`,
    url,
    exited: running.exited,
    stop: () => running.stop(),
  }
}
