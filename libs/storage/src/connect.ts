import { isLoopbackHost, LogpipeError } from '@logpipe/core'
import { BlobServiceClient, type StoragePipelineOptions } from '@azure/storage-blob'

/** Our one retry wrapper (retry.ts) owns short faults; the SDK's own retries would multiply it. */
const OPTIONS: StoragePipelineOptions = { retryOptions: { maxTries: 1 } }

/**
 * A client for a connection string (Azurite, account key, SAS) or an account URL (Entra login through DefaultAzureCredential, loaded only
 * then). Throws STORAGE_SETTING_WRONG.
 */
export async function connectBlobService(connection: string): Promise<BlobServiceClient> {
  const wrong = (detail: string, cause?: unknown): LogpipeError => new LogpipeError('STORAGE_SETTING_WRONG', { detail }, { cause })
  if (/^https?:\/\//i.test(connection)) {
    const url = URL.parse(connection)
    if (!url) throw wrong('The URL cannot be read.')
    if (url.protocol !== 'https:' && !isLoopbackHost(url.host)) throw wrong('Plain http is for loopback only.')
    const { DefaultAzureCredential } = await import('@azure/identity')
    return new BlobServiceClient(connection, new DefaultAzureCredential(), OPTIONS)
  }
  try {
    return BlobServiceClient.fromConnectionString(connection, OPTIONS)
  } catch (error) {
    // The SDK's own message may repeat the key.
    throw wrong('It is neither an https URL nor a connection string with AccountName and AccountKey.', error)
  }
}
