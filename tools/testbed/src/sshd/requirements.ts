import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

const SSHD = '/usr/sbin/sshd'
const CLIENT = '/usr/bin/ssh'
const POLICY = '/usr/sbin/policy-rc.d'

/** Why a real sshd cannot be driven here, and the cure; null when it can. Installs Debian's packages when they are missing. */
export function whyNoSshd(): string | null {
  if (process.platform !== 'linux') return 'a real sshd needs Linux: run this suite in a Debian container, as root'
  if (process.getuid?.() !== 0) return 'a real sshd needs root: run `sudo npm run test:real`'
  if (spawnSync('unshare', ['--mount', '--pid', '--fork', '--propagation', 'private', 'mount', '-t', 'tmpfs', 'x', '/mnt']).status !== 0)
    return 'namespaces of its own are not allowed here: start the container with `--cap-add SYS_ADMIN --security-opt apparmor=unconfined`'
  if (spawnSync('python3', ['--version']).status !== 0) return 'python3 is missing: run `apt-get install python3`'
  if (existsSync(SSHD) && existsSync(CLIENT)) return null
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'openssh-server is missing: install it with this system\'s package manager'
  return install()
}

/** Installs the packages without starting or enabling the system's own sshd. */
function install(): string | null {
  const ownPolicy = !existsSync(POLICY)
  if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    execFileSync('apt-get', ['update', '-q'], { env, stdio: 'pipe' })
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'openssh-server', 'openssh-client'], { env, stdio: 'pipe' })
    spawnSync('systemctl', ['disable', 'ssh.service', 'ssh.socket'])
    return null
  } catch (error) {
    return `openssh-server could not be installed (run \`apt-get install openssh-server\`): ${String(error)}`
  } finally {
    if (ownPolicy) rmSync(POLICY)
  }
}

export { CLIENT, SSHD }
