import { configPath, pidPath } from '../instances.ts'
import { SSHD } from '../requirements.ts'
import { until } from '../sandbox.ts'
import type { Step } from '../step.ts'

/** What sshd says of itself; none of it is a client's doing. */
export const serverSteps: Step[] = [
  {
    name: 'SIGHUP',
    on: ['startups'],
    last: true,
    run: async ({ sandbox, client }) => {
      const listening = `Server listening on 127.0.0.1 port ${client.instance.port}.`
      await sandbox.run('sh', '-c', `kill -HUP "$(cat ${pidPath(client.instance.name)})"`)
      await until('sshd listens again', () => sandbox.datagrams.filter(({ text }) => text.includes(listening)).length === 2)
    },
    truth: () => ({ tries: [] }),
  },
  {
    name: 'a second sshd on the same port',
    on: ['info', 'verbose'],
    last: true,
    run: async ({ sandbox, client }) => void (await sandbox.run('sh', '-c', `${SSHD} -D -f ${configPath(client.instance.name)}; test $? -eq 255`)),
    truth: () => ({ tries: [], adrift: [/^error: Bind to port \d+ on \S+ failed: Address already in use\.$/, /^fatal: Cannot bind any address\.$/] }),
  },
  {
    name: 'a host key that others may read',
    on: ['info'],
    last: true,
    run: async ({ sandbox }) => void (await sandbox.run('sh', '-c', `cp /etc/ssh/suite/host-0 /run/loose; chmod 644 /run/loose; ${SSHD} -i -f /dev/null -h /run/loose; test $? -eq 1`)),
    truth: () => ({ tries: [], adrift: [/UNPROTECTED PRIVATE KEY FILE/, /Permissions 0644 for '\/run\/loose' are too open/, /^error: (?:It is required|This private key|@@@)/, /nable to load host key/, /no hostkeys available/] }),
  },
]
