import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HostError, messageOf } from '../errors.ts'
import { parseTimeSpan } from './time-span.ts'

const positive = z.number().int().positive()
/** -1 stands for no limit. */
const limit = z.literal(-1).or(positive)

// Loose objects: host.json also holds keys for other plans and extensions, which the real host passes over too.
const schema = z.looseObject({
  version: z.literal('2.0'),
  functionTimeout: z.string().default('00:30:00'),
  concurrency: z.looseObject({ dynamicConcurrencyEnabled: z.literal(false, 'the local host keeps to fixed limits').default(false) }).prefault({}),
  extensions: z
    .looseObject({
      http: z
        .looseObject({ routePrefix: z.string().default('api'), maxOutstandingRequests: limit.default(200), maxConcurrentRequests: limit.default(100) })
        .prefault({}),
      blobs: z.looseObject({ maxDegreeOfParallelism: positive.default(8), maxDequeueCount: positive.optional() }).prefault({}),
      queues: z.looseObject({ maxDequeueCount: positive.default(5), visibilityTimeout: z.string().default('00:00:00') }).prefault({}),
      durableTask: z
        .looseObject({ hubName: z.string().default('TestHubName'), maxConcurrentActivityFunctions: positive.default(10), maxConcurrentOrchestratorFunctions: positive.default(10) })
        .prefault({}),
    })
    .prefault({}),
})

/** The part of host.json that this host obeys; times in ms, Infinity where there is no limit. */
export interface HostSettings {
  functionTimeoutMs: number
  routePrefix: string
  maxOutstandingRequests: number
  maxConcurrentRequests: number
  blobParallelism: number
  maxDequeueCount: number
  redeliveryDelayMs: number
  hubName: string
  maxConcurrentActivities: number
}

/** Reads and checks host.json; all faults are reported at once as HOST_SETTING_INVALID, a missing file as HOST_APP_INVALID. */
export async function readHostJson(appDir: string): Promise<HostSettings> {
  const text = await readFile(join(appDir, 'host.json'), 'utf8').catch((error: unknown) => {
    throw new HostError('HOST_APP_INVALID', { appDir, detail: `host.json cannot be read (${messageOf(error)})` }, { cause: error })
  })
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw new HostError('HOST_SETTING_INVALID', { setting: 'host.json', detail: messageOf(error) }, { cause: error })
  }
  const parsed = schema.safeParse(raw)
  if (!parsed.success) {
    const detail = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'root'}: ${issue.message}`).join('; ')
    throw new HostError('HOST_SETTING_INVALID', { setting: 'host.json', detail })
  }
  const { functionTimeout, extensions } = parsed.data
  const { http, blobs, queues, durableTask } = extensions
  return {
    functionTimeoutMs: parseTimeSpan(functionTimeout, 'functionTimeout'),
    routePrefix: http.routePrefix,
    maxOutstandingRequests: unlimited(http.maxOutstandingRequests),
    maxConcurrentRequests: unlimited(http.maxConcurrentRequests),
    blobParallelism: blobs.maxDegreeOfParallelism,
    maxDequeueCount: blobs.maxDequeueCount ?? queues.maxDequeueCount,
    redeliveryDelayMs: parseTimeSpan(queues.visibilityTimeout, 'extensions.queues.visibilityTimeout'),
    hubName: setting(durableTask.hubName),
    maxConcurrentActivities: durableTask.maxConcurrentActivityFunctions,
  }
}

const unlimited = (value: number): number => (value === -1 ? Infinity : value)

/** A `%NAME%` value stands for the app setting of that name, as in the real host. */
export function setting(value: string): string {
  return value.replace(/%([^%]+)%/g, (_, name: string) => {
    const found = process.env[name]
    if (found === undefined) throw new HostError('HOST_SETTING_INVALID', { setting: name, detail: 'it is named as %…% and is not set' })
    return found
  })
}
