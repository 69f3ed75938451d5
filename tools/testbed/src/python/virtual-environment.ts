import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { withBuildLock } from './build-lock.ts'
import { PythonError } from './python-error.ts'
import { run } from './run.ts'

const MARKER = 'complete'

export interface VirtualEnvironmentOptions {
  /** Requirement files with hashes, installed one after the other. */
  readonly requirements: readonly string[]
  /** Default `python3`. */
  readonly python?: string
  /** Default: logpipe/ in the user's cache folder. */
  readonly cacheDir?: string
}

/**
 * Path of a Python that has exactly the locked packages: made once for each lock and Python version in the user's cache folder, beside
 * its final place, so that what has its name is whole.
 * @throws PythonError PYTHON_MISSING, PYTHON_NOT_FIT, PACKAGES_NOT_INSTALLED, BUILD_STUCK.
 */
export async function virtualEnvironment({ requirements, python = 'python3', cacheDir = userCacheDir() }: VirtualEnvironmentOptions): Promise<string> {
  const version = await versionOf(python)
  const hash = createHash('sha256').update(version)
  for (const file of requirements) hash.update('\0').update(await readFile(file))
  const dir = join(cacheDir, `venv-${hash.digest('hex').slice(0, 12)}`)
  const marker = join(dir, MARKER)
  if (!existsSync(marker)) {
    await withBuildLock(`${dir}.lock`, async () => {
      if (!existsSync(marker)) await build(dir, python, requirements)
    })
  }
  return join(dir, 'bin', 'python')
}

export const userCacheDir = (): string => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'logpipe')

async function versionOf(python: string): Promise<string> {
  const { code, output } = await run(python, ['-c', 'import sys, platform; print(platform.python_version(), platform.machine(), sys.version_info[1])'])
  if (code !== 0) throw new PythonError('PYTHON_MISSING', `${python} does not run: ${output.trim()}`)
  const minor = Number(output.trim().split(' ')[2])
  if (!(minor >= 8 && minor <= 11)) throw new PythonError('PYTHON_NOT_FIT', `${python} is ${output.trim().split(' ')[0] ?? ''}`)
  return output.trim()
}

async function build(dir: string, python: string, requirements: readonly string[]): Promise<void> {
  // A folder without the marker is what an interrupted removal left.
  await rm(dir, { recursive: true, force: true })
  const building = await mkdtemp(join(dirname(dir), '.building-'))
  try {
    const made = await run(python, ['-m', 'venv', building])
    if (made.code !== 0) throw new PythonError('PYTHON_MISSING', `${python} -m venv failed: ${lastLines(made.output)}`)
    for (const file of requirements) {
      // The interpreter runs pip itself: scripts of a virtual environment hold its path, and this one is about to be renamed.
      const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-build-isolation', '--no-deps', '--require-hashes', '-r', file]
      const installed = await run(join(building, 'bin', 'python'), args)
      if (installed.code !== 0) throw new PythonError('PACKAGES_NOT_INSTALLED', `pip install -r ${file} failed: ${lastLines(installed.output)}`)
    }
    await writeFile(join(building, MARKER), '')
    await rename(building, dir)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}

const lastLines = (output: string): string => output.trim().split('\n').slice(-5).join('\n')
