import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { arch } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withBuildLock } from '../python/build-lock.ts'
import { run } from '../python/run.ts'
import { userCacheDir } from '../python/virtual-environment.ts'

const SOURCES = fileURLToPath(new URL('./go', import.meta.url))
const FILES = ['go.mod', 'go.sum', 'main.go']
const LIMIT_MS = 80 * 60_000

/**
 * Path of the program that is etcd, kube-apiserver, kube-controller-manager, kube-scheduler or kwok by its first argument. Built from Go modules once
 * for each lock and Go version into the user's cache folder: 10 to 25 minutes on two cores, 1.5 GB of Go's own caches on the way.
 * @throws Error where there is no Go 1.26, or the module proxy does not answer.
 */
export async function clusterProgram(): Promise<string> {
  const version = await run('go', ['env', 'GOVERSION'])
  if (version.code !== 0) throw new Error(`there is no Go here (${version.output.trim()}); the cluster is built from source: install Go 1.26 or newer`)
  const hash = createHash('sha256').update(`${version.output.trim()} ${arch()}`)
  for (const file of FILES) hash.update('\0').update(await readFile(join(SOURCES, file)))
  const dir = join(userCacheDir(), `cluster-${hash.digest('hex').slice(0, 12)}`)
  const program = join(dir, 'cluster')
  if (!existsSync(program)) {
    await withBuildLock(
      `${dir}.lock`,
      async () => {
        if (!existsSync(program)) await build(dir)
      },
      LIMIT_MS,
    )
  }
  return program
}

async function build(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true })
  const building = await mkdtemp(join(dirname(dir), '.building-'))
  const began = performance.now()
  process.stderr.write('building the cluster from Go modules, once: 10 to 25 minutes\n')
  try {
    // Outside the checkout, so that no lock or workspace file above it counts.
    await cp(SOURCES, building, { recursive: true })
    const { code, output } = await run('nice', ['-n', '10', 'go', 'build', '-trimpath', '-mod=readonly', '-ldflags', `-s -w ${await versionFlags()}`, '-o', 'cluster', '.'], {
      cwd: building,
      env: { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOWORK: 'off' },
      timeout: LIMIT_MS,
    })
    if (code !== 0) throw new Error(`go build failed:\n${output.slice(-4000)}`)
    await rename(building, dir)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
  process.stderr.write(`built the cluster in ${Math.round((performance.now() - began) / 1000)} s\n`)
}

/** Without them the parts say v0.0.0, and refuse to work with each other. */
async function versionFlags(): Promise<string> {
  const [, version, minor] = /k8s\.io\/kubernetes (v1\.(\d+)\.\d+)/.exec(await readFile(join(SOURCES, 'go.mod'), 'utf8')) ?? []
  if (!version || !minor) throw new Error('go.mod names no version of k8s.io/kubernetes')
  const base = 'k8s.io/component-base/version'
  return `-X ${base}.gitVersion=${version} -X ${base}.gitMajor=1 -X ${base}.gitMinor=${minor}`
}
