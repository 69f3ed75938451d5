import { makeCertificate, makeKey, type KeyPair } from './keys.ts'

/** `first` … `fourth` and `rsa` are for authorized_keys of some accounts, `stranger` for none. */
export interface SuiteKeys {
  readonly first: KeyPair
  readonly second: KeyPair
  readonly third: KeyPair
  readonly fourth: KeyPair
  readonly rsa: KeyPair
  readonly stranger: KeyPair
  readonly revoked: KeyPair
  readonly ca: KeyPair
  readonly certificates: Readonly<Record<CertificateName, KeyPair>>
  readonly host: readonly KeyPair[]
}

export type CertificateName = 'good' | 'expired' | 'early' | 'principal' | 'source' | 'forced' | 'stranger'

export async function makeSuiteKeys(dir: string): Promise<SuiteKeys> {
  const [first, second, third, fourth, rsa, stranger, revoked, ca, strangeCa] = await Promise.all([
    makeKey(dir, 'first'),
    makeKey(dir, 'second'),
    makeKey(dir, 'third'),
    makeKey(dir, 'fourth', 'ecdsa'),
    makeKey(dir, 'rsa', 'rsa'),
    makeKey(dir, 'stranger'),
    makeKey(dir, 'revoked'),
    makeKey(dir, 'ca'),
    makeKey(dir, 'strange-ca'),
  ])
  const principals = ['lp-bob']
  const [good, expired, early, principal, source, forced, strangerCertificate] = await Promise.all([
    makeCertificate(dir, ca, { id: 'good', serial: 1, principals }),
    makeCertificate(dir, ca, { id: 'expired', serial: 2, principals, valid: '20200101:20200102' }),
    makeCertificate(dir, ca, { id: 'early', serial: 3, principals, valid: '20900101:20900102' }),
    makeCertificate(dir, ca, { id: 'principal', serial: 4, principals: ['somebody'] }),
    makeCertificate(dir, ca, { id: 'source', serial: 5, principals, options: ['source-address=192.0.2.0/24'] }),
    makeCertificate(dir, ca, { id: 'forced', serial: 6, principals, options: ['force-command=echo forced'] }),
    makeCertificate(dir, strangeCa, { id: 'stranger', serial: 7, principals }),
  ])
  const hosts = await Promise.all((['ed25519', 'ecdsa', 'rsa'] as const).map(type => makeKey(dir, `host-${type}`, type)))
  const certificates = { good, expired, early, principal, source, forced, stranger: strangerCertificate }
  return { first, second, third, fourth, rsa, stranger, revoked, ca, certificates, host: hosts }
}
