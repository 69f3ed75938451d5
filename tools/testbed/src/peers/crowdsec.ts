import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { debianPackage } from '../debian/index.ts'
import { freePort } from '../free-port.ts'
import { run, type RunOptions } from '../python/index.ts'
import { type PeerAlert, PeerError, type PeerLog } from './peer.ts'

export const CROWDSEC = { name: 'crowdsec', version: '1.4.6', libraries: ['libsqlite3-0'] } as const

/** What its collection `crowdsecurity/sshd` switches on, out of the hub that Debian ships with it; and what every log needs. */
const HUB = {
  'parsers/s00-raw': ['syslog-logs'],
  'parsers/s01-parse': ['sshd-logs'],
  'parsers/s02-enrich': ['dateparse-enrich'],
  scenarios: ['ssh-bf', 'ssh-slow-bf'],
} as const

/** Ten minutes for a log that takes seconds. */
const LIMIT_MS = 10 * 60_000

/**
 * Alerts of the real crowdsec on a log, each alert told, in its own forensic mode (one file, the log's times as the clock). Its local API
 * runs within the same process on loopback, since nothing else takes its alerts; they are read from its database. Nothing goes to its central API.
 */
export async function crowdsecAlerts({ path, endMs, allowed = [] }: PeerLog): Promise<PeerAlert[]> {
  const root = await debianPackage(CROWDSEC)
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-crowdsec-'))
  try {
    const config = await configure(root, dir)
    if (allowed.length > 0) await writeFile(join(dir, 'parsers/s02-enrich/allowed.yaml'), JSON.stringify(whitelist(allowed)))
    const tool = async (name: string, args: readonly string[], options: RunOptions): Promise<void> => {
      const { code, output } = await run(join(root, 'usr/bin', name), ['-c', config, ...args], options)
      if (code !== 0) throw new PeerError(name, output)
    }
    const options = { env: { LD_LIBRARY_PATH: await libraryPath(root), TZ: 'UTC' }, cwd: dir, timeout: LIMIT_MS }
    await tool('cscli', ['machines', 'add', 'replay', '--password', 'replay', '-f', join(dir, 'credentials.yaml')], options)
    await tool('crowdsec', ['-dsn', `file://${path}`, '-type', 'syslog'], options)
    return readAlerts(join(dir, 'crowdsec.db'), new Date(endMs).getUTCFullYear())
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function configure(root: string, dir: string): Promise<string> {
  const hub = join(root, 'usr/share/crowdsec/hub')
  for (const [folder, names] of Object.entries(HUB)) {
    await mkdir(join(dir, folder), { recursive: true })
    for (const name of names) await symlink(join(hub, folder, 'crowdsecurity', `${name}.yaml`), join(dir, folder, `${name}.yaml`))
  }
  for (const folder of ['postoverflows', 'notifications']) await mkdir(join(dir, folder))
  for (const own of ['patterns', 'simulation.yaml', 'profiles.yaml']) await cp(join(root, 'etc/crowdsec', own), join(dir, own), { recursive: true })
  await writeFile(join(dir, 'acquis.yaml'), '')
  const config = join(dir, 'config.yaml')
  await writeFile(config, JSON.stringify(settings(dir, hub, await freePort()), null, 2))
  return config
}

/** As Debian's config.yaml, in this folder; one routine each, so that the order of lines is kept. YAML takes JSON. */
const settings = (dir: string, hub: string, port: number): object => ({
  common: { daemonize: false, log_media: 'stdout', log_level: 'info', working_dir: dir },
  config_paths: {
    config_dir: dir, data_dir: dir, simulation_path: join(dir, 'simulation.yaml'), hub_dir: hub, index_path: join(hub, '.index.json'),
    notification_dir: join(dir, 'notifications'), plugin_dir: join(dir, 'plugins'),
  },
  crowdsec_service: { acquisition_path: join(dir, 'acquis.yaml'), parser_routines: 1, buckets_routines: 1, output_routines: 1 },
  db_config: { type: 'sqlite', db_path: join(dir, 'crowdsec.db'), use_wal: true },
  api: {
    client: { credentials_path: join(dir, 'credentials.yaml') },
    server: { log_level: 'warning', listen_uri: `127.0.0.1:${port}`, profiles_path: join(dir, 'profiles.yaml') },
  },
  prometheus: { enabled: false },
})

const whitelist = (cidr: readonly string[]): object => ({ name: 'logpipe/allowed', description: 'Ranges never to be named', whitelist: { reason: 'allowed', cidr } })

async function libraryPath(root: string): Promise<string> {
  const folders = await readdir(join(root, 'usr/lib'))
  return folders.filter(name => name.endsWith('-linux-gnu')).map(name => join(root, 'usr/lib', name)).join(':')
}

/** crowdsec gives times without a year the present one; the log's is put back. */
function readAlerts(database: string, year: number): PeerAlert[] {
  const db = new DatabaseSync(database, { readOnly: true })
  try {
    const rows = db.prepare("SELECT source_value AS address, stopped_at AS at, scenario AS rule FROM alerts WHERE source_scope = 'Ip' ORDER BY id").all()
    return rows.map(({ address, at, rule }) => {
      const time = new Date(String(at).replace(' ', 'T').replace(/(\d\d:\d\d:\d\d).*$/, '$1Z'))
      return { address: String(address), atMs: time.setUTCFullYear(year), rule: String(rule) }
    })
  } finally {
    db.close()
  }
}
