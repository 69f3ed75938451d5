import { mkdtemp, rm } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { accountCommands, accountFiles } from './accounts.ts'
import { Client, writeAskpass } from './client.ts'
import { chooseInstances, configPath, instanceFiles, pidPath, type Instance } from './instances.ts'
import { SSHD } from './requirements.ts'
import { startSandbox, until, type Datagram, type Sandbox } from './sandbox.ts'
import type { Step } from './step.ts'
import { makeSuiteKeys, type SuiteKeys } from './suite-keys.ts'

/** A step on one of its instances, after it was done. */
export interface Done {
  readonly step: Step
  readonly client: Client
  /** What went wrong in doing it; the log is not to blame then. */
  readonly error: unknown
}

export interface SuiteRun {
  readonly keys: SuiteKeys
  readonly done: readonly Done[]
  readonly datagrams: readonly Datagram[]
  readonly startedAt: number
  readonly endedAt: number
}

const AT_ONCE = 6

/** Does all steps on a real sshd, stops it, and returns what it sent to syslog. Leaves nothing behind. */
export async function runSuite(steps: readonly Step[]): Promise<SuiteRun> {
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-sshd-'))
  try {
    return await runIn(dir, steps)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function runIn(dir: string, steps: readonly Step[]): Promise<SuiteRun> {
  const startedAt = Date.now()
  const ipv6 = Object.values(networkInterfaces()).some(addresses => addresses?.some(({ address }) => address === '::1'))
  const [keys, instances] = await Promise.all([makeSuiteKeys(dir), chooseInstances()])
  await writeAskpass(dir)
  const spec = {
    accounts: accountCommands(keys),
    files: [...accountFiles(keys), ...(await instanceFiles(instances, keys, ipv6))],
    daemons: instances.map(({ name }) => [SSHD, '-f', configPath(name)]),
  }
  const sandbox = await startSandbox(spec, dir)
  try {
    await until('all servers listen', async () => {
      const listed = await sandbox.run('ls', '/run')
      return instances.every(({ name }) => listed.includes(`sshd-${name}.pid`))
    })
    const done = await doSteps(dir, steps.filter(step => ipv6 || step.ipv6 !== true), instances, keys, sandbox)
    await stopServers(instances, sandbox)
    return { keys, done, datagrams: [...sandbox.datagrams], startedAt, endedAt: Date.now() }
  } finally {
    await sandbox.stop()
  }
}

async function doSteps(dir: string, steps: readonly Step[], instances: readonly Instance[], keys: SuiteKeys, sandbox: Sandbox): Promise<Done[]> {
  const jobs = steps.flatMap(step => instances.filter(({ name }) => step.on.includes(name)).map(instance => ({ step, instance })))
  const done: Done[] = []
  let number = 0
  const work = async ({ step, instance }: (typeof jobs)[number]): Promise<void> => {
    number++
    const address = step.ipv6 === true ? '::1' : `127.77.${number >> 8}.${number & 255}`
    const client = new Client(dir, instance, address)
    let error: unknown = null
    await step.run({ client, keys, sandbox }).catch((fault: unknown) => (error = fault))
    client.end()
    done.push({ step, client, error })
  }
  const queue = jobs.filter(({ step }) => step.last !== true)
  const worker = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await work(job)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  for (const job of jobs.filter(({ step }) => step.last === true)) await work(job)
  return done
}

/** Waits for the last session, so that no line is missing, then ends the listeners as an init system would. */
async function stopServers(instances: readonly Instance[], sandbox: Sandbox): Promise<void> {
  // Not the commands of cut sessions: they live on, and end with the sandbox.
  const left = (count: number) => async () => (await sandbox.alive()).filter(name => name.startsWith('sshd')).length <= count
  await until('all sessions end', left(instances.length))
  for (const { name } of instances) await sandbox.run('sh', '-c', `kill "$(cat ${pidPath(name)})"`)
  await until('all servers end', left(0))
}
