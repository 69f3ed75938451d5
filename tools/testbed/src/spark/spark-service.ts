import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { LayerName, LogpipeError, Part } from '@logpipe/core'
import type { SparkPython } from '../python/index.ts'

/** What run_layer.py leaves in storage, and how long it took. */
export interface LayerReport {
  readonly ok: boolean
  readonly parts: readonly Part[]
  readonly counts: Readonly<Record<string, number>>
  readonly warnings: readonly string[]
  readonly error?: { readonly code: LogpipeError['code']; readonly fields: Readonly<Record<string, string | number | null>> }
  readonly message?: string
  readonly cause?: string
  readonly seconds: number
}

/** Where a task document lies, and the storage it and the data are in. */
export interface LayerRequest {
  readonly layer: LayerName
  /** container/name. */
  readonly task: string
  /** With scheme `file` the folder of the containers. */
  readonly storage_account: string
  readonly scheme: 'file' | 'wasb'
  readonly blob_endpoint?: string
}

export interface SparkService extends AsyncDisposable {
  /** The process that Java and the workers are children of. */
  readonly pid: number
  readonly versions: { readonly spark: string; readonly python: string; readonly java: string }
  runLayer(request: LayerRequest): Promise<LayerReport>
}

/** Two threads, no UI, nothing that listens but on loopback. */
const LOCAL_SETTINGS = {
  'spark.master': 'local[2]',
  'spark.driver.memory': '3g',
  'spark.driver.host': '127.0.0.1',
  'spark.driver.bindAddress': '127.0.0.1',
  'spark.ui.enabled': 'false',
  'spark.ui.showConsoleProgress': 'false',
  'spark.sql.shuffle.partitions': '2',
}

const SCRIPT = fileURLToPath(new URL('./serve_layers.py', import.meta.url))

/** Starts one local Spark on the layer files in `code`; layers run one after the other. `dir` takes its temporary files. */
export async function startSpark({ python, javaHome }: SparkPython, code: string, dir: string): Promise<SparkService> {
  const settings = { ...LOCAL_SETTINGS, 'spark.local.dir': dir, 'spark.sql.warehouse.dir': dir }
  // Nothing of the user's own Spark or Python; PySpark starts Java by JAVA_HOME.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C.UTF-8', TZ: 'UTC', TMPDIR: dir, JAVA_HOME: javaHome, PYSPARK_PYTHON: python, SPARK_LOCAL_IP: '127.0.0.1' }
  const child = spawn(python, ['-I', SCRIPT, code, JSON.stringify(settings)], { env, stdio: ['pipe', 'pipe', 'pipe'], cwd: dir })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-8000)))
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  const stop = (): void => void child.kill()
  process.once('exit', stop)
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<unknown> => {
    const { value, done } = await answers.next()
    if (done === true) throw new Error(`Spark ended with ${String(await ended)}:\n${complaints}`)
    return JSON.parse(value)
  }
  let turn: Promise<unknown> = answer()
  const versions = (await turn) as SparkService['versions']
  return {
    pid: child.pid ?? 0,
    versions,
    runLayer(request) {
      const next = turn.then(() => {
        child.stdin.write(`${JSON.stringify(request)}\n`)
        return answer()
      })
      turn = next.catch(() => undefined)
      return next as Promise<LayerReport>
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
      process.off('exit', stop)
    },
  }
}
