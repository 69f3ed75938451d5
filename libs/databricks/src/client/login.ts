import { LogpipeError } from '@logpipe/core'

/** Gives the bearer token for one call. Tokens live an hour at most, so nobody else keeps one. */
export type Login = (signal: AbortSignal) => Promise<string>

export interface LoginSettings {
  /** Personal access token; wins over the others. */
  readonly token?: string
  /** OAuth of a Databricks service principal. */
  readonly clientId?: string
  readonly clientSecret?: string
}

/** What Entra knows Azure Databricks as, in every tenant. */
const ENTRA_SCOPE = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default'
/** A token is not used in its last minute. */
const MARGIN_MS = 60_000

/** By token, by OAuth M2M where a client id and secret are given, else by Entra (DefaultAzureCredential, loaded only then). */
export function createLogin(host: string, { token, clientId, clientSecret }: LoginSettings): Login {
  if (token) return async () => token
  return clientId && clientSecret ? byClient(host, clientId, clientSecret) : byEntra()
}

function byClient(host: string, clientId: string, clientSecret: string): Login {
  const call = 'POST /oidc/v1/token'
  let kept: { readonly token: string; readonly untilMs: number } | undefined
  return async (signal) => {
    if (kept && Date.now() < kept.untilMs) return kept.token
    const answer = await fetch(`${host}/oidc/v1/token`, {
      method: 'POST',
      redirect: 'error',
      signal,
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'all-apis' }),
    })
    if (answer.status === 429 || answer.status >= 500) throw new LogpipeError('DATABRICKS_UNREACHABLE', { call, detail: String(answer.status) })
    const said = (await answer.json().catch(() => ({}))) as { access_token?: unknown; expires_in?: unknown }
    if (!answer.ok || typeof said.access_token !== 'string') throw new LogpipeError('DATABRICKS_LOGIN_REFUSED', { call })
    kept = { token: said.access_token, untilMs: Date.now() + Number(said.expires_in ?? 0) * 1000 - MARGIN_MS }
    return kept.token
  }
}

function byEntra(): Login {
  let credential: Promise<{ getToken(scope: string, options: { abortSignal: AbortSignal }): Promise<{ token: string }> }> | undefined
  return async (signal) => {
    credential ??= import('@azure/identity').then(({ DefaultAzureCredential }) => new DefaultAzureCredential())
    try {
      return (await (await credential).getToken(ENTRA_SCOPE, { abortSignal: signal })).token
    } catch (error) {
      if (signal.aborted) throw error
      throw new LogpipeError('DATABRICKS_LOGIN_REFUSED', { call: 'Entra login' }, { cause: error })
    }
  }
}
