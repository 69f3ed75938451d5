import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { withBuildLock } from '../../python/build-lock.ts'
import { sparkPython } from '../../python/index.ts'
import { userCacheDir } from '../../python/virtual-environment.ts'
import type { Runner } from '../world.ts'
import { hadoopAzureJars } from './hadoop-azure.ts'

/** Azurite's own account, which hadoop-azure takes for the emulator on port 10000. */
export const EMULATOR = { account: 'devstoreaccount1', port: 10_000, key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==' } as const

/** hadoop-azure reaches the emulator on its own port only: one suite of this machine at a time. */
export const withEmulatorPort = <T>(work: () => Promise<T>): Promise<T> => withBuildLock(join(userCacheDir(), `azurite-${EMULATOR.port}.lock`), work)

const LOCAL_CONF: Readonly<Record<string, string>> = {
  'spark.master': 'local[2]',
  'spark.driver.memory': '2g',
  'spark.driver.host': '127.0.0.1',
  'spark.driver.bindAddress': '127.0.0.1',
  'spark.ui.enabled': 'false',
  'spark.sql.shuffle.partitions': '2',
  'spark.hadoop.fs.azure.storage.emulator.account.name': EMULATOR.account,
}

/** Runs what was uploaded, beside its notebook, with local PySpark 3.4.1: the notebook's own call, by run_layer.py's command line. */
export async function sparkRunner(): Promise<Runner> {
  const [{ python, javaHome }, jars] = await Promise.all([sparkPython(), hadoopAzureJars()])
  return async ({ notebook, files, parameters, conf, env }, signal) => {
    const root = dirname(dirname(notebook))
    const dir = await mkdtemp(join(tmpdir(), 'logpipe-job-'))
    try {
      for (const [path, text] of files) {
        if (!path.startsWith(`${root}/`)) continue
        const at = join(dir, 'code', path.slice(root.length + 1))
        await mkdir(dirname(at), { recursive: true })
        await writeFile(at, text)
      }
      const hadoop = Object.fromEntries(Object.entries(conf).map(([name, value]) => [`spark.hadoop.${name}`, value]))
      const settings = { ...LOCAL_CONF, ...hadoop, 'spark.jars': jars.join(','), 'spark.local.dir': dir, 'spark.sql.warehouse.dir': dir }
      const { task = '', storage_account: account = '', scheme = '', blob_endpoint: endpoint = '' } = parameters
      const words = ['--layer', basename(notebook), '--task', task, '--storage-account', account, '--scheme', scheme, '--blob-endpoint', endpoint]
      const confs = Object.entries(settings).flatMap(([name, value]) => ['--spark-conf', `${name}=${value}`])
      // Nothing of the user's own Spark or Python; PySpark starts Java by JAVA_HOME.
      const own = { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C.UTF-8', TZ: 'UTC', TMPDIR: dir, JAVA_HOME: javaHome, PYSPARK_PYTHON: python, SPARK_LOCAL_IP: '127.0.0.1' }
      await python3(python, [join(dir, 'code', 'run_layer.py'), ...words, ...confs], { ...own, ...env }, dir, signal)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  }
}

/** Rejects with the last words where it ends badly; an abort ends it. */
function python3(python: string, words: string[], env: NodeJS.ProcessEnv, cwd: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, words, { env, cwd, signal, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
    child.once('error', () => undefined)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(said.trim().split('\n').at(-1) ?? `it ended with ${String(code)}`, { cause: said }))))
  })
}
