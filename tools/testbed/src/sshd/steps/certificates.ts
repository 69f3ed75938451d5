import { ALL_LEVELS } from '../instances.ts'
import { logged } from '../logged.ts'
import { accepted, failed, times, type Step } from '../step.ts'
import type { CertificateName } from '../suite-keys.ts'

const show = (name: CertificateName): Step['run'] => async ({ client, keys }) =>
  void (await client.login({ user: 'lp-bob', keys: [keys.certificates[name]], methods: 'publickey' }))

const taken = (name: CertificateName, what: string): Step => ({
  name: what,
  on: ALL_LEVELS,
  run: show(name),
  // The plain key comes first, and lp-bob has not got it.
  truth: (instance, { certificates }) => ({
    tries: logged([failed('publickey', 'lp-bob', true, certificates[name]), accepted('publickey', 'lp-bob', certificates[name])], instance),
  }),
})

/** The client shows the plain key and then the certificate: two tries. */
const refused = (name: CertificateName, what: string, reasons: number): Step => ({
  name: what,
  on: ALL_LEVELS,
  run: show(name),
  truth: (instance, { certificates }) => ({
    tries: logged(times(2, failed('publickey', 'lp-bob', true, certificates[name])), instance),
    said: [[reasons, { event: 'certificate_refused' }]],
  }),
})

export const certificateSteps: Step[] = [
  taken('good', 'a good certificate'),
  taken('forced', 'a certificate with a forced command'),
  refused('expired', 'an expired certificate', 1),
  refused('early', 'a certificate that is not valid yet', 1),
  refused('principal', 'a certificate for somebody else', 1),
  refused('source', 'a certificate bound to another address', 2),
  refused('stranger', 'a certificate of an authority nobody trusts', 0),
]
