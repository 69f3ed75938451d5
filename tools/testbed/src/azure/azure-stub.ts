import { createServer, type Server } from 'node:https'
import { ClientSecretCredential } from '@azure/identity'
import { freePort } from '../free-port.ts'

export interface AzureStubOptions {
  readonly certificate: { readonly cert: string; readonly key: string }
  /** Of each cluster's user, by `RESOURCE_GROUP/NAME`. */
  readonly kubeconfigs: Readonly<Record<string, string>>
}

export interface AzureStub {
  readonly endpoint: string
  readonly subscription: string
  /** The real SDK's, by client secret; with a wrong one the token endpoint refuses. */
  credential(secret?: string): ClientSecretCredential
  /** Method and path of each request to ARM, in order. */
  readonly calls: readonly string[]
  stop(): Promise<void>
}

const TENANT = '11111111-1111-1111-1111-111111111111'
const SUBSCRIPTION = '22222222-2222-2222-2222-222222222222'
const SECRET = 'right'
const TOKEN = 'token-of-the-stub'

/** Entra's token endpoint and the one ARM call that gives a user's kubeconfig, over HTTPS on loopback, with the documented shapes. */
export async function startAzureStub({ certificate, kubeconfigs }: AzureStubOptions): Promise<AzureStub> {
  const calls: string[] = []
  const port = await freePort()
  const endpoint = `https://127.0.0.1:${port}`
  const server: Server = createServer(certificate, (request, response) => {
    const answer = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const { pathname } = new URL(request.url ?? '/', endpoint)
    if (pathname.endsWith('/.well-known/openid-configuration')) return answer(200, metadata(endpoint))
    if (pathname === `/${TENANT}/oauth2/v2.0/token`) {
      let form = ''
      request.on('data', (chunk: Buffer) => (form += chunk.toString()))
      request.on('end', () =>
        new URLSearchParams(form).get('client_secret') === SECRET
          ? answer(200, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: TOKEN })
          : answer(401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.', error_codes: [7_000_215] }),
      )
      return
    }
    calls.push(`${request.method} ${pathname}`)
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer(401, fault('InvalidAuthenticationToken', 'The access token is invalid.'))
    const cluster = CREDENTIALS.exec(pathname)
    if (request.method !== 'POST' || !cluster) return answer(404, fault('NotFound', `No route ${pathname}`))
    const kubeconfig = kubeconfigs[`${cluster[1]}/${cluster[2]}`]
    if (kubeconfig === undefined) return answer(404, fault('ResourceNotFound', `The Resource 'Microsoft.ContainerService/managedClusters/${cluster[2]}' was not found.`))
    return answer(200, { kubeconfigs: [{ name: 'clusterUser', value: Buffer.from(kubeconfig).toString('base64') }] })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    endpoint,
    subscription: SUBSCRIPTION,
    credential: (secret = SECRET) =>
      new ClientSecretCredential(TENANT, '33333333-3333-3333-3333-333333333333', secret, {
        authorityHost: endpoint,
        disableInstanceDiscovery: true,
        tlsOptions: { ca: certificate.cert },
      }),
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const CREDENTIALS = new RegExp(`^/subscriptions/${SUBSCRIPTION}/resourceGroups/([^/]+)/providers/Microsoft\\.ContainerService/managedClusters/([^/]+)/listClusterUserCredential$`)

const fault = (code: string, message: string) => ({ error: { code, message } })

const metadata = (endpoint: string) => ({
  issuer: `${endpoint}/${TENANT}/v2.0`,
  authorization_endpoint: `${endpoint}/${TENANT}/oauth2/v2.0/authorize`,
  token_endpoint: `${endpoint}/${TENANT}/oauth2/v2.0/token`,
  jwks_uri: `${endpoint}/${TENANT}/discovery/v2.0/keys`,
})
