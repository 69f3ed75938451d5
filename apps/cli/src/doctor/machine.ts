import { access, constants, mkdir, stat, statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { loadDefinition } from '@logpipe/definition'
import { failed, ok, type PreflightCheck, warning } from '@logpipe/validation'

const root = (name: string): string => fileURLToPath(new URL(`../../../../${name}`, import.meta.url))
const GIB = 2 ** 30
const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`
const NODE = [22, 19] as const

/** Is Node what the sources need? `version` as in process.version. */
export function nodeCheck(version: string): PreflightCheck {
  return {
    id: 'node',
    why: 'The sources run as TypeScript, which older Node cannot.',
    look: () => {
      const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
      const enough = major > NODE[0] || (major === NODE[0] && minor >= NODE[1])
      return enough ? ok(version) : failed(version, `Install Node 24, or run through npm (npm start), which brings its own on Linux; ${NODE.join('.')} is the least`)
    },
  }
}

/** Are the packages those of the lock file? */
export function installCheck(lock = root('package-lock.json'), installed = root('node_modules/.package-lock.json')): PreflightCheck {
  return {
    id: 'install',
    why: 'Packages of another version than the lock file names were never tested together.',
    look: async () => {
      const [wanted, there] = await Promise.all([lock, installed].map((path) => stat(path).then(({ mtimeMs }) => mtimeMs, () => null)))
      if (there === null || there === undefined) return failed('the packages are not installed', 'npm ci')
      return (wanted ?? 0) > there ? warning('package-lock.json is newer than what is installed', 'npm ci') : ok('as package-lock.json says')
    },
  }
}

export const definitionCheck = (dir?: string): PreflightCheck => ({
  id: 'definition',
  why: 'No run starts while pipelines/openssh has a fault.',
  look: async () => {
    const { name, version, hash, layers, detections } = await loadDefinition(dir)
    return ok(`${name} ${version}: ${layers.length} layers, ${detections.length} detections, ${hash.slice(0, 12)}…`)
  },
})

/** Can the work folder be written, with room for a large log? */
export function workFolderCheck(dir: string, least = 5 * GIB): PreflightCheck {
  return {
    id: 'work-folder',
    why: 'A run writes its layers there before it uploads them: about eight times the log.',
    look: async () => {
      try {
        await mkdir(dir, { recursive: true })
        await access(dir, constants.W_OK)
      } catch (error) {
        return failed(`${dir} cannot be written: ${(error as NodeJS.ErrnoException).code}`, 'Name a folder that you may write: LOGPIPE_HOME=DIR')
      }
      const { bavail, bsize } = await statfs(dir)
      const free = bavail * bsize
      return free < least ? warning(`${gib(free)} free in ${dir}`, 'Free some room, or name another folder: LOGPIPE_HOME=DIR') : ok(`${gib(free)} free`)
    },
  }
}

export const memoryCheck = (bytes = totalmem(), least = 2 * GIB): PreflightCheck => ({
  id: 'memory',
  why: 'A run needs about 1 GiB.',
  look: () => (bytes < least ? warning(gib(bytes), 'Set LOGPIPE_MEMORY_LIMIT=150MB and LOGPIPE_PARALLEL_RUNS=1') : ok(gib(bytes))),
})
