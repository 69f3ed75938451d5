import type { JWTVerifyGetKey } from 'jose'

export interface EntraOptions {
  readonly tenant: string
  readonly audience: string
  /** Keys of the tenant; by default those that Entra publishes. */
  readonly keys?: JWTVerifyGetKey
}

export type TokenCheck = (token: string) => Promise<{ readonly operator: boolean } | null>

/** Application role that may start, stop and judge; without it a token reads. */
export const OPERATOR_ROLE = 'logpipe.operator'

/** Tokens of one Entra tenant for one application: signature, issuer, audience and time are checked. Null: not one of ours. */
export function entraTokens({ tenant, audience, keys }: EntraOptions): TokenCheck {
  const issuer = `https://login.microsoftonline.com/${tenant}/v2.0`
  let source = keys
  return async (token) => {
    const { createRemoteJWKSet, jwtVerify } = await import('jose')
    source ??= createRemoteJWKSet(new URL(`https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`))
    try {
      const { payload } = await jwtVerify(token, source, { issuer, audience, algorithms: ['RS256'] })
      const roles: unknown = payload['roles']
      return { operator: Array.isArray(roles) && roles.includes(OPERATOR_ROLE) }
    } catch {
      return null
    }
  }
}
