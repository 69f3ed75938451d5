import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface KeyPair {
  /** Path of the private key, for `ssh -i`. */
  readonly file: string
  /** One line as in authorized_keys. */
  readonly public: string
  /** `SHA256:…`, as sshd logs it. */
  readonly fingerprint: string
  /** `ED25519`, `RSA`, … as sshd logs it. */
  readonly type: string
}

export async function makeKey(dir: string, name: string, type: 'ed25519' | 'ecdsa' | 'rsa' = 'ed25519'): Promise<KeyPair> {
  const file = join(dir, name)
  await run('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', name, '-f', file, ...(type === 'rsa' ? ['-b', '2048'] : [])])
  const { stdout } = await run('ssh-keygen', ['-l', '-f', `${file}.pub`])
  const [, fingerprint = ''] = stdout.split(' ')
  return { file, public: (await readFile(`${file}.pub`, 'utf8')).trim(), fingerprint, type: type.toUpperCase() }
}

export interface CertificateOptions {
  readonly id: string
  readonly serial: number
  readonly principals: readonly string[]
  /** As for `ssh-keygen -V`. */
  readonly valid?: string
  /** As for `ssh-keygen -O`. */
  readonly options?: readonly string[]
}

/** Makes a key with its own certificate, signed by `ca`; the certificate stands beside the key, where `ssh -i` finds it. */
export async function makeCertificate(dir: string, ca: KeyPair, options: CertificateOptions): Promise<KeyPair> {
  const key = await makeKey(dir, `cert-${options.id}`)
  const extra = (options.options ?? []).flatMap(option => ['-O', option])
  await run('ssh-keygen', [
    ...['-q', '-s', ca.file, '-I', options.id, '-z', String(options.serial), '-n', options.principals.join(',')],
    ...['-V', options.valid ?? 'always:forever', ...extra, `${key.file}.pub`],
  ])
  return key
}
