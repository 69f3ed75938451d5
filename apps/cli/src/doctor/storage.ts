import { connectBlobService, createBlobStore } from '@logpipe/storage'
import { failed, ok, type PreflightCheck, skipped, warning } from '@logpipe/validation'

/** Azure refuses requests that are older than 15 minutes by its own clock. */
const SKEW_FAILS_S = 600
const SKEW_WARNS_S = 60

/** Login, reach and containers of a storage account, or of the Azurite of the target that is up. */
export function storageChecks(connection: string | null): PreflightCheck[] {
  const look = (work: (connection: string, signal: AbortSignal) => ReturnType<PreflightCheck['look']>): PreflightCheck['look'] => (signal) =>
    connection === null ? skipped('not up; npm start and npm run dev start it') : work(connection, signal)
  return [
    {
      id: 'storage',
      why: 'Sources, results and the state of runs lie there.',
      look: look(async (given) => {
        const store = createBlobStore(await connectBlobService(given))
        const missing = await store.missingContainers()
        return missing.length === 0 ? ok(`${store.account}: all containers are there`) : failed(`${store.account}: no container ${missing.join(', ')}`, 'npx logpipe storage init')
      }),
    },
    {
      id: 'storage-login',
      why: 'A key opens the whole account and does not expire; a login by Entra opens what a role says.',
      look: look((given) => {
        if (/^https:/i.test(given)) return ok('by Entra')
        if (/\/\/127\.0\.0\.1[:/]/.test(given)) return ok('Azurite, by its well-known key')
        return warning('by an account key', 'Set LOGPIPE_STORAGE=https://ACCOUNT.blob.core.windows.net and give your identity the role "Storage Blob Data Contributor"')
      }),
    },
    {
      id: 'clock',
      why: 'Storage refuses signatures that are too old or too new, and times without a year are read by the clock.',
      look: look(async (given, signal) => {
        const endpoint = (await connectBlobService(given)).url
        const asked = Date.now()
        const answer = await fetch(new URL('/', endpoint), { method: 'HEAD', signal, redirect: 'manual' }).catch(() => null)
        const skew = Math.round((Date.parse(answer?.headers.get('date') ?? '') - (asked + Date.now()) / 2) / 1000)
        if (Number.isNaN(skew)) return skipped('storage told no time')
        const seen = `${Math.abs(skew)} s ${skew < 0 ? 'ahead of' : 'behind'} storage`
        if (Math.abs(skew) > SKEW_FAILS_S) return failed(seen, 'Set the clock: timedatectl set-ntp true')
        return Math.abs(skew) > SKEW_WARNS_S ? warning(seen, 'Set the clock: timedatectl set-ntp true') : ok(seen)
      }),
    },
  ]
}
