import { compileCatalogue } from '../src/catalogue/index.ts'

const FAILURE = { event: 'login_failed', outcome: 'failure', versions: '1-' }

/** A few messages, so that core's tests stand by themselves. The pipeline's own catalogue is tested in libs/definition. */
export const smallCatalogue = compileCatalogue({
  version: 1,
  alone: ['startups_dropped'],
  messages: [
    {
      ...FAILURE,
      id: 'failed',
      template: 'Failed {method} for {user} from {address} port {port} {protocol}',
      attempt: 'auth_failed',
      sample: { message: 'Failed password for root from 192.0.2.7 port 22 ssh2', fields: { method: 'password', user: 'root', address: '192.0.2.7', port: 22, protocol: 'ssh2' } },
    },
    {
      ...FAILURE,
      id: 'accepted',
      template: 'Accepted {method} for {user} from {address} port {port} {protocol}',
      event: 'login_accepted',
      outcome: 'success',
      attempt: 'auth_accepted',
      set: { user_valid: true },
      sample: { message: 'Accepted password for root from 192.0.2.7 port 22 ssh2', fields: { method: 'password', user: 'root', user_valid: true, address: '192.0.2.7', port: 22, protocol: 'ssh2' } },
    },
    {
      ...FAILURE,
      id: 'invalid-user',
      template: 'Invalid user {user} from {address}',
      set: { user_valid: false },
      sample: { message: 'Invalid user a from 192.0.2.7', fields: { user: 'a', user_valid: false, address: '192.0.2.7' } },
    },
    {
      ...FAILURE,
      id: 'pam-failure',
      template: 'pam_unix(sshd:auth): authentication failure; {} rhost={rhost}  user={user}',
      sample: { message: 'pam_unix(sshd:auth): authentication failure; tty=ssh rhost=a.example.org  user=root', fields: { rhost: 'a.example.org', user: 'root' } },
    },
    {
      ...FAILURE,
      id: 'dropped',
      template: 'drop connection #{:int} from [{address}]:{port} on {:token} past MaxStartups',
      event: 'startups_dropped',
      sample: { message: 'drop connection #3 from [192.0.2.7]:22 on [192.0.2.1]:22 past MaxStartups', fields: { address: '192.0.2.7', port: 22 } },
    },
  ],
})
