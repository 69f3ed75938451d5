import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SparkPython } from '../python/index.ts'
import type { SparkJob } from './spark-job.ts'

/** What run_layers.py says of one output: names and Spark types of its columns. */
export interface SparkOutput {
  readonly source: string
  readonly output: string
  readonly columns: readonly (readonly [name: string, type: string])[]
  readonly rows: number
  readonly seconds: number
}

export interface SparkRun {
  readonly versions: { readonly spark: string; readonly python: string; readonly java: string }
  readonly outputs: readonly SparkOutput[]
}

const SCRIPT = fileURLToPath(new URL('./run_layers.py', import.meta.url))

/** Runs the job on a Spark of its own; the outputs lie in each source's `out`. Throws with Spark's last words when it fails. */
export async function runSpark({ python, javaHome }: SparkPython, job: SparkJob, workDir: string): Promise<SparkRun> {
  const file = join(workDir, 'job.json')
  await writeFile(file, JSON.stringify(job))
  // Nothing of the user's own Spark or Python; PySpark starts Java by JAVA_HOME.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], LC_ALL: 'C.UTF-8', TZ: 'UTC', JAVA_HOME: javaHome, PYSPARK_PYTHON: python, SPARK_LOCAL_IP: '127.0.0.1' }
  const child = spawn(python, ['-I', SCRIPT, file], { env, stdio: ['ignore', 'pipe', 'pipe'], cwd: workDir })
  const said: unknown[] = []
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-8000)))
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('{')) said.push(JSON.parse(line))
  })()
  const stop = (): void => void child.kill()
  process.once('exit', stop)
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  process.off('exit', stop)
  await read
  if (code !== 0) throw new Error(`Spark ended with ${code}:\n${complaints}`)
  const [versions, ...outputs] = said as [SparkRun['versions'], ...SparkOutput[]]
  return { versions, outputs }
}
