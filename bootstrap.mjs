// Plain JavaScript for whatever Node the machine has (20 or newer): installs what is missing, then goes on under Node 24.
//   node bootstrap.mjs logpipe …   the CLI
//   node bootstrap.mjs check …     lint, types and tests
//   node bootstrap.mjs node FILE … a script of the checkout
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const NEEDED = [22, 19]

/** The lock file that npm leaves last, so that an install cut off in the middle counts as missing. */
const installed = join(root, 'node_modules', '.package-lock.json')
const lock = join(root, 'package-lock.json')

function install() {
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  process.stderr.write('Installing the packages of package-lock.json (once) …\n')
  // Run by npm, its own path is known; npm's output is no result of ours, so it goes to stderr.
  const [command, first] = process.env.npm_execpath ? [process.execPath, [process.env.npm_execpath]] : ['npm', []]
  const done = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (done.signal || done.status === 130) process.exit(130)
  if (done.status !== 0) stop('INSTALL_FAILED', `npm ci ended with ${done.status ?? done.error?.message}.`, 'Check the network or the registry that npm is set to, then run the same command again')
}

const newEnough = (version) => {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

/** Node 24 comes as a package on Linux; elsewhere the user's own Node must be new enough. */
function findNode() {
  const packaged = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  if (existsSync(packaged)) return packaged
  if (newEnough(process.version)) return process.execPath
  return stop('NODE_TOO_OLD', `Node ${process.version} runs here; logpipe needs ${NEEDED.join('.')} or newer.`, 'Install Node 24, or use Linux on x64 or arm64, where logpipe brings its own')
}

function stop(code, cause, fix) {
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ ok: false, error: { code, message: cause, cause, fix, docs: 'docs/errors.md' } })}\n`)
  else process.stderr.write(`error ${code}: ${cause}\n  fix    ${fix}\n`)
  process.exit(3)
}

const [what, ...words] = process.argv.slice(2)
const entries = { logpipe: ['apps/cli/bin/logpipe.mjs'], check: ['tools/workspace/src/check.ts'], node: [] }
if (!(what in entries)) stop('USAGE', `bootstrap knows ${Object.keys(entries).join(', ')}, not ${what}.`, 'npm start')

install()
const node = findNode()
const args = [...entries[what].map((file) => join(root, file)), ...words]
const child = spawn(node, args, {
  stdio: 'inherit',
  env: { ...process.env, PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(':') },
})
// Ctrl-C in a terminal reaches the child as well; a kill of this process must reach it too. The child takes repeats as one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)))
