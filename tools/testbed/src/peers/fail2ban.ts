import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { debianPackage } from '../debian/index.ts'
import { run } from '../python/index.ts'
import { type PeerAlert, PeerError, type PeerLog } from './peer.ts'

const REPLAY = fileURLToPath(new URL('./fail2ban_replay.py', import.meta.url))

export const FAIL2BAN = { name: 'fail2ban', version: '1.0.2' } as const

/** The two forms of its sshd filter that people run: as it comes, and with all failures before authentication counted too. */
export type Fail2banMode = 'normal' | 'aggressive'

/**
 * Bans of the real fail2ban on a log, each ban told: maxretry, findtime and filter are those of Debian's package. Names are not looked up:
 * the log's addresses are nobody's.
 */
export async function fail2banBans({ path, endMs, allowed = [] }: PeerLog, mode: Fail2banMode): Promise<PeerAlert[]> {
  const root = await debianPackage(FAIL2BAN)
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-fail2ban-'))
  try {
    const config = join(dir, 'fail2ban')
    await cp(join(root, 'etc/fail2ban'), config, { recursive: true })
    await writeFile(join(config, 'jail.local'), jail(path, mode, allowed))
    const out = join(dir, 'bans')
    const env = { PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'), PYTHONDONTWRITEBYTECODE: '1', TZ: 'UTC' }
    const { code, output } = await run('python3', ['-W', 'ignore', REPLAY, config, path, String(endMs / 1000), out], { env, cwd: dir })
    if (code !== 0) throw new PeerError(FAIL2BAN.name, output)
    return alerts(await readFile(out, 'utf8'), mode)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const jail = (path: string, mode: Fail2banMode, allowed: readonly string[]): string => `[sshd]
enabled = true
mode = ${mode}
backend = polling
logpath = ${path}
usedns = no
ignoreself = false
ignoreip = ${allowed.join(' ')}
`

function alerts(text: string, mode: Fail2banMode): PeerAlert[] {
  const bans = text.split('\n').filter(line => line !== '').map(line => JSON.parse(line) as { address: string; at: number })
  return bans.map(({ address, at }) => ({ address, atMs: at * 1000, rule: `sshd[mode=${mode}]` }))
}
