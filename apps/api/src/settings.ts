import { LogpipeError } from '@logpipe/core'
import { z } from 'zod'

/** What the API is told by its environment. Secrets stay in this process: the browser never sees the functions app's key. */
const Settings = z.object({
  /** Connection string, or https://ACCOUNT.blob.core.windows.net to log in by Entra. */
  LOGPIPE_STORAGE: z.string().min(1),
  /** Programs send it as `x-api-key`; people sign in with it. Left out only where Entra is set. */
  LOGPIPE_API_KEY: z.string().default(''),
  LOGPIPE_API_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Address to listen on; beyond loopback something in front must speak TLS. */
  LOGPIPE_API_BIND: z.string().default('127.0.0.1'),
  /** Host names besides loopback that it answers to, with commas between. */
  LOGPIPE_API_HOSTS: z.string().default(''),
  /** Requests a minute from one address. */
  LOGPIPE_API_RATE: z.coerce.number().int().min(10).default(3000),
  /** Functions app that starts, cancels and repeats runs; empty: the API only reads. */
  LOGPIPE_FUNCTIONS_URL: z.union([z.literal(''), z.url()]).default(''),
  LOGPIPE_FUNCTIONS_KEY: z.string().default(''),
  /** Entra tenant and application id (audience) whose tokens are taken as Bearer. */
  LOGPIPE_ENTRA_TENANT: z.string().regex(/^[0-9a-zA-Z.-]*$/).default(''),
  LOGPIPE_ENTRA_AUDIENCE: z.string().default(''),
})

export interface ApiSettings {
  readonly storage: string
  readonly port: number
  readonly bind: string
  readonly key: string
  readonly hosts: readonly string[]
  readonly ratePerMinute: number
  readonly functions: { readonly url: string; readonly key: string } | null
  readonly entra: { readonly tenant: string; readonly audience: string } | null
}

/** Throws CONFIG_NOT_VALID with every fault at once, and where nobody could sign in. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): ApiSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([name, value]) => name in Settings.shape && value !== ''))
  const parsed = Settings.safeParse(given)
  if (!parsed.success) {
    const detail = parsed.error.issues.map(({ path, message }) => `\n  ${path.join('.')}: ${message}`).join('')
    throw new LogpipeError('CONFIG_NOT_VALID', { detail })
  }
  const set = parsed.data
  const entra = set.LOGPIPE_ENTRA_TENANT === '' || set.LOGPIPE_ENTRA_AUDIENCE === '' ? null : { tenant: set.LOGPIPE_ENTRA_TENANT, audience: set.LOGPIPE_ENTRA_AUDIENCE }
  if (set.LOGPIPE_API_KEY === '' && entra === null) {
    throw new LogpipeError('CONFIG_NOT_VALID', { detail: '\n  LOGPIPE_API_KEY, or LOGPIPE_ENTRA_TENANT with LOGPIPE_ENTRA_AUDIENCE, must be set' })
  }
  return {
    storage: set.LOGPIPE_STORAGE,
    port: set.LOGPIPE_API_PORT,
    bind: set.LOGPIPE_API_BIND,
    key: set.LOGPIPE_API_KEY,
    hosts: set.LOGPIPE_API_HOSTS.split(',').map((host) => host.trim().toLowerCase()).filter((host) => host !== ''),
    ratePerMinute: set.LOGPIPE_API_RATE,
    functions: set.LOGPIPE_FUNCTIONS_URL === '' ? null : { url: set.LOGPIPE_FUNCTIONS_URL, key: set.LOGPIPE_FUNCTIONS_KEY },
    entra,
  }
}
