import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../free-port.ts'
import { clusterProgram } from './build.ts'

export interface TestCluster {
  /** Administrator's, by token. */
  readonly kubeconfig: string
  /** Where it lies. */
  readonly kubeconfigPath: string
  /** Of the API server, for 127.0.0.1; good for another server on loopback too. */
  readonly certificate: { readonly cert: string; readonly key: string }
  stop(): Promise<void>
}

export interface TestClusterOptions {
  /** Everything lies in it. */
  readonly dir: string
  /** Where port-forwards to any pod end. */
  readonly forwardTo?: number
}

export const CLUSTER_CONTEXT = 'logpipe-test'
const START_LIMIT_MS = 120_000
const STAGES = fileURLToPath(new URL('./kwok.yaml', import.meta.url))

/** What the deployments need; the others cost a start. */
const CONTROLLERS = [
  'deployment-controller', 'replicaset-controller', 'garbage-collector-controller', 'namespace-controller', 'serviceaccount-controller',
  'root-ca-certificate-publisher-controller', 'endpointslice-controller', 'resourcequota-controller', 'disruption-controller',
  'node-lifecycle-controller', 'taint-eviction-controller', 'persistentvolume-binder-controller',
]

/**
 * A real control plane with one node of kwok's, on free loopback ports; ready when this returns. Pods run at once, unless they bear the label `fate`:
 * `image-missing` or `crash`. No container runs.
 */
export async function startCluster({ dir, forwardTo }: TestClusterOptions): Promise<TestCluster> {
  const program = await clusterProgram()
  await mkdir(dir, { recursive: true })
  const [etcd, peer, api, node] = [await freePort(), await freePort(), await freePort(), await freePort()]
  const token = randomBytes(16).toString('hex')
  const file = (name: string): string => join(dir, name)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
  await writeFile(file('accounts.key'), privateKey, { mode: 0o600 })
  await writeFile(file('tokens.csv'), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 })
  await writeFile(file('kwok.yaml'), (await readFile(STAGES, 'utf8')) + (forwardTo === undefined ? '' : portForward(forwardTo)))

  const running: { readonly child: ChildProcess; readonly exited: Promise<void> }[] = []
  const start = (part: string, flags: Readonly<Record<string, string | number>>): void => {
    const log = createWriteStream(file(`${part}.log`))
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)
    const child = spawn(program, [part, ...args], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: dir } })
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    const exited = new Promise<void>((resolve) => child.once('error', () => resolve()).once('close', () => resolve()))
    running.push({ child, exited })
  }
  const killAll = (): void => running.forEach(({ child }) => child.kill('SIGKILL'))
  process.once('exit', killAll)
  const stop = async (): Promise<void> => {
    // Nothing that outlives the test lies in it.
    killAll()
    await Promise.all(running.map(({ exited }) => exited))
    process.off('exit', killAll)
  }

  try {
    start('etcd', {
      'data-dir': file('etcd'), 'unsafe-no-fsync': 'true', 'listen-client-urls': `http://127.0.0.1:${etcd}`, 'advertise-client-urls': `http://127.0.0.1:${etcd}`,
      'listen-peer-urls': `http://127.0.0.1:${peer}`, 'initial-advertise-peer-urls': `http://127.0.0.1:${peer}`, 'initial-cluster': `default=http://127.0.0.1:${peer}`,
    })
    start('kube-apiserver', {
      'etcd-servers': `http://127.0.0.1:${etcd}`, 'bind-address': '127.0.0.1', 'advertise-address': '127.0.0.1', 'secure-port': api, 'cert-dir': file('certs'), 'token-auth-file': file('tokens.csv'),
      'authorization-mode': 'RBAC', 'service-account-issuer': 'https://kubernetes.default.svc', 'service-account-key-file': file('accounts.key'),
      'service-account-signing-key-file': file('accounts.key'), 'service-cluster-ip-range': '10.96.0.0/16', 'endpoint-reconciler-type': 'none',
    })
    await untilReady(api, token, running, file('kube-apiserver.log'))
    const [cert, key] = await Promise.all([readFile(file('certs/apiserver.crt'), 'utf8'), readFile(file('certs/apiserver.key'), 'utf8')])
    const kubeconfig = kubeconfigOf(api, token, cert)
    await writeFile(file('kubeconfig'), kubeconfig, { mode: 0o600 })
    start('kube-controller-manager', {
      kubeconfig: file('kubeconfig'), controllers: CONTROLLERS.join(','), 'leader-elect': 'false', 'secure-port': 0,
      'service-account-private-key-file': file('accounts.key'), 'root-ca-file': file('certs/apiserver.crt'),
    })
    start('kube-scheduler', { kubeconfig: file('kubeconfig'), 'leader-elect': 'false', 'secure-port': 0 })
    start('kwok', {
      kubeconfig: file('kubeconfig'), config: file('kwok.yaml'), 'manage-all-nodes': 'true', 'node-ip': '127.0.0.1', 'node-port': node, 'server-address': `127.0.0.1:${node}`,
      'tls-cert-file': file('certs/apiserver.crt'), 'tls-private-key-file': file('certs/apiserver.key'), 'node-lease-duration-seconds': 40,
    })
    await addNode(api, token)
    return { kubeconfig, kubeconfigPath: file('kubeconfig'), certificate: { cert, key }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function untilReady(port: number, token: string, running: readonly { readonly child: ChildProcess }[], log: string): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS
  while (performance.now() < deadline && running.every(({ child }) => child.exitCode === null && child.signalCode === null)) {
    if ((await call(port, token, 'GET', '/readyz').catch(() => 0)) === 200) return
    await delay(100)
  }
  throw new Error(`the control plane does not start:\n${(await readFile(log, 'utf8').catch(() => '')).slice(-4000)}`)
}

async function addNode(port: number, token: string): Promise<void> {
  const status = await call(port, token, 'POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1', labels: { 'kubernetes.io/hostname': 'node-1' } } })
  if (status !== 201) throw new Error(`the node was not taken: ${status}`)
}

/** The certificate is the server's own, made a moment ago in our folder: whom we talk to is known by the port. */
const call = (port: number, token: string, method: string, path: string, body?: unknown): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, method, path, rejectUnauthorized: false, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      },
    )
    sent.once('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })

const kubeconfigOf = (port: number, token: string, cert: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: CLUSTER_CONTEXT, cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': Buffer.from(cert).toString('base64') } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: CLUSTER_CONTEXT, context: { cluster: CLUSTER_CONTEXT, user: 'admin' } }],
    'current-context': CLUSTER_CONTEXT,
  })

const portForward = (port: number): string => `---
apiVersion: kwok.x-k8s.io/v1alpha1
kind: ClusterPortForward
metadata: { name: all }
spec:
  forwards:
    - target: { address: 127.0.0.1, port: ${port} }
`
