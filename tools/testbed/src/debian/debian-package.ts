import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { withBuildLock } from '../python/build-lock.ts'
import { run } from '../python/run.ts'
import { userCacheDir } from '../python/virtual-environment.ts'
import { DebianError } from './debian-error.ts'

const MARKER = 'complete'
const MINUTE = 60_000

export interface DebianPackage {
  readonly name: string
  /** Upstream's, without Debian's revision: what the figures are about. Revisions come and go with security updates. */
  readonly version: string
  /** Packages with libraries that it needs; any version. */
  readonly libraries?: readonly string[]
}

/**
 * Folder with the files of a Debian package as they would lie under `/`, unchanged: downloaded by apt and unpacked once a version into the
 * user's cache folder. Nothing is installed, no script of the package runs, apt's own lists stay as they are; needs no root.
 * @throws DebianError DEBIAN_MISSING, PACKAGE_NOT_REACHED, PACKAGE_NOT_FIT.
 */
export async function debianPackage(wanted: DebianPackage, cacheDir: string = userCacheDir()): Promise<string> {
  const dir = join(cacheDir, `debian-${wanted.name}-${wanted.version}-${process.arch}`)
  const marker = join(dir, MARKER)
  if (!existsSync(marker)) {
    await withBuildLock(`${dir}.lock`, async () => {
      if (!existsSync(marker)) await build(dir, wanted)
    })
  }
  return dir
}

async function build(dir: string, { name, version, libraries = [] }: DebianPackage): Promise<void> {
  for (const tool of ['apt-get', 'dpkg-deb']) await must(tool, ['--version'])
  await rm(dir, { recursive: true, force: true })
  const building = await mkdtemp(join(dirname(dir), '.building-'))
  try {
    const root = join(building, 'root')
    for (const file of await download(join(building, 'apt'), [name, ...libraries])) {
      const [found = '', foundVersion = ''] = (await must('dpkg-deb', ['-f', file, 'Package', 'Version'])).split('\n').map(field => field.replace(/^\w+: /, ''))
      if (found === name && !foundVersion.startsWith(`${version}-`)) throw new DebianError('PACKAGE_NOT_FIT', `${name} is ${foundVersion} here, ${version} is wanted`)
      await must('dpkg-deb', ['-x', file, root])
    }
    await writeFile(join(root, MARKER), '')
    await rename(root, dir)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}

/** Lists and caches of its own, so that a machine whose lists are empty or old will do, and the machine's stay as they are. */
async function download(folder: string, names: readonly string[]): Promise<string[]> {
  for (const own of ['lists/partial', 'cache/archives/partial', 'packages']) await mkdir(join(folder, own), { recursive: true })
  const own = { 'Dir::State::Lists': join(folder, 'lists'), 'Dir::Cache': join(folder, 'cache'), 'APT::Sandbox::User': 'root', 'Acquire::Retries': '2' }
  const options = ['-q', ...Object.entries(own).map(([key, value]) => `-o${key}=${value}`)]
  const packages = join(folder, 'packages')
  const updated = await run('apt-get', [...options, 'update'], { timeout: 5 * MINUTE })
  const downloaded = await run('apt-get', [...options, 'download', ...names], { cwd: packages, timeout: 10 * MINUTE })
  if (downloaded.code !== 0) {
    const said = `${updated.output}\n${downloaded.output}`.split('\n').filter(line => /^[WE]: /.test(line))
    throw new DebianError('PACKAGE_NOT_REACHED', `${names.join(', ')}: ${[...new Set(said)].slice(-6).join('\n') || 'apt-get did not end in time'}`)
  }
  return (await readdir(packages)).map(file => join(packages, file))
}

async function must(command: string, args: readonly string[]): Promise<string> {
  const { code, output } = await run(command, args)
  if (code !== 0) throw new DebianError('DEBIAN_MISSING', `${command} ${args.join(' ')}: ${output.trim()}`)
  return output.trim()
}
