import { readFile } from 'node:fs/promises'
import { freePort } from '../free-port.ts'
import type { SandboxFile } from './sandbox.ts'
import type { SuiteKeys } from './suite-keys.ts'
import { GROUP } from './accounts.ts'

/** The sshd instances of the suite: one for each log level with and without PAM, and some with narrow settings. */
export type InstanceName = 'info' | 'verbose' | 'pam' | 'pamVerbose' | 'strict' | 'startups' | 'grace'

export interface Instance {
  readonly name: InstanceName
  readonly port: number
  /** LogLevel VERBOSE; INFO otherwise. */
  readonly verbose: boolean
  readonly pam: boolean
}

interface Settings {
  readonly verbose?: boolean
  readonly pam?: boolean
  readonly sftp?: string
  /** Of this option sshd takes the last value, not the first. */
  readonly maxStartups?: string
  readonly lines?: readonly string[]
}

/** The first value of an option counts in sshd_config, so these stand before the common ones. */
const SETTINGS: Record<InstanceName, Settings> = {
  info: { sftp: 'internal-sftp' },
  verbose: { verbose: true },
  pam: { pam: true },
  pamVerbose: { pam: true, verbose: true },
  strict: {
    lines: [
      'AllowUsers lp-alice lp-outsider root',
      'AllowGroups lp-alice root',
      'PermitRootLogin forced-commands-only',
      'MaxAuthTries 2',
      'ClientAliveInterval 1',
      'ClientAliveCountMax 1',
      'KexAlgorithms curve25519-sha256',
      'Ciphers aes256-gcm@openssh.com,aes256-ctr',
      'MACs hmac-sha2-256',
      'HostKeyAlgorithms ssh-ed25519',
      'PubkeyAcceptedAlgorithms ssh-ed25519',
      'AuthorizedKeysFile /etc/ssh/keys/%u',
    ],
  },
  startups: { maxStartups: '2:100:2' },
  grace: { lines: ['LoginGraceTime 3'] },
}

export const INSTANCES = Object.keys(SETTINGS) as InstanceName[]
/** Where steps run that have no need of narrow settings. */
export const ALL_LEVELS: readonly InstanceName[] = ['info', 'verbose', 'pam', 'pamVerbose']

const FOLDER = '/etc/ssh/suite'
export const configPath = (name: InstanceName): string => `${FOLDER}/${name}.conf`
export const pidPath = (name: InstanceName): string => `/run/sshd-${name}.pid`

function configText({ name, port }: Instance, ipv6: boolean): string {
  const { verbose = false, pam = false, maxStartups = '200', sftp = '/usr/lib/openssh/sftp-server -l INFO', lines = [] } = SETTINGS[name]
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...(ipv6 ? ['ListenAddress ::1'] : []),
    `PidFile ${pidPath(name)}`,
    ...lines,
    `LogLevel ${verbose ? 'VERBOSE' : 'INFO'}`,
    `UsePAM ${pam ? 'yes' : 'no'}`,
    ...[0, 1, 2].map(index => `HostKey ${FOLDER}/host-${index}`),
    `TrustedUserCAKeys ${FOLDER}/ca.pub`,
    `RevokedKeys ${FOLDER}/revoked`,
    'KbdInteractiveAuthentication yes',
    'PermitRootLogin no',
    'DenyUsers lp-denied',
    `DenyGroups ${GROUP}`,
    `MaxStartups ${maxStartups}`,
    'UseDNS no',
    'PrintMotd no',
    'PrintLastLog no',
    `Subsystem sftp ${sftp}`,
    'PermitUserEnvironment no',
    'Match User lp-both',
    '  AuthenticationMethods publickey,password publickey,keyboard-interactive',
    'Match User lp-chroot',
    '  ChrootDirectory /home/lp-chroot',
    'Match User lp-forced',
    '  AllowTcpForwarding no',
    '',
  ].join('\n')
}

export const chooseInstances = (): Promise<Instance[]> =>
  Promise.all(INSTANCES.map(async name => ({ name, port: await freePort(), verbose: SETTINGS[name].verbose ?? false, pam: SETTINGS[name].pam ?? false })))

export async function instanceFiles(instances: readonly Instance[], keys: SuiteKeys, ipv6: boolean): Promise<SandboxFile[]> {
  const file = (path: string, text: string, mode = 0o644): SandboxFile => ({ path, text, mode, owner: null })
  const hostKeys = await Promise.all(keys.host.map(({ file }) => readFile(file, 'utf8')))
  return [
    ...instances.map(instance => file(configPath(instance.name), configText(instance, ipv6))),
    ...hostKeys.map((text, index) => file(`${FOLDER}/host-${index}`, text, 0o600)),
    file(`${FOLDER}/ca.pub`, `${keys.ca.public}\n`),
    file(`${FOLDER}/revoked`, `${keys.revoked.public}\n`),
    file('/etc/ssh/keys/root', `${keys.first.public}\ncommand="echo forced" ${keys.second.public}\n`, 0o644),
    file('/etc/ssh/keys/lp-alice', `${keys.first.public}\n`, 0o644),
  ]
}
