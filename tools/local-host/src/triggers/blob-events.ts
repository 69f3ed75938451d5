import { z } from 'zod'
import { HostError } from '../errors.ts'
import { type Answer, type Incoming, jsonAnswer } from '../http/message.ts'
import type { Log } from '../types.ts'
import type { BlobTriggers } from './blob.ts'

const validation = z.tuple([z.looseObject({ data: z.looseObject({ validationCode: z.string() }) })])
const notification = z.array(
  z.looseObject({ eventType: z.string(), subject: z.string(), data: z.looseObject({ eTag: z.string().optional() }).optional() }),
)
const functionPrefix = 'Host.Functions.'

/**
 * The Event Grid webhook of the blob extension: the handshake, then BlobCreated events. Other events, other containers and `_runs/` are
 * taken and passed over, for Event Grid would send a refused event again and again.
 */
export function blobEvents(blobs: BlobTriggers, log: Log, { headers, url, body }: Incoming): Answer {
  const named = url.searchParams.get('functionName') ?? ''
  if (!named.startsWith(functionPrefix)) throw new HostError('HOST_REQUEST_INVALID', { detail: 'functionName must be Host.Functions.<name>.' })
  const name = named.slice(functionPrefix.length)
  if (headers['aeg-event-type'] === 'SubscriptionValidation') {
    const [event] = parse(validation, body)
    return jsonAnswer(200, { validationResponse: event.data.validationCode })
  }
  for (const event of parse(notification, body)) {
    const blob = /^\/blobServices\/default\/containers\/([^/]+)\/blobs\/(.+)$/s.exec(event.subject)
    const [, container = '', path = ''] = blob ?? []
    const etag = event.data?.eTag
    const taken = event.eventType === 'Microsoft.Storage.BlobCreated' && etag !== undefined && blob !== null && blobs.push(name, container, path, etag)
    log({ level: 'debug', event: taken ? 'blob-event' : 'blob-event-passed-over', message: `${event.eventType} ${event.subject}`, function: name })
  }
  return { status: 202 }
}

function parse<T>(schema: z.ZodType<T>, body: Buffer): T {
  try {
    return schema.parse(JSON.parse(body.toString('utf8')))
  } catch (error) {
    throw new HostError('HOST_REQUEST_INVALID', { detail: 'The body is no list of Event Grid events.' }, { cause: error })
  }
}
