import { z } from 'zod'
import type { AppFunction } from '../app/functions.ts'
import { HostError, messageOf } from '../errors.ts'
import type { BlobTriggers } from '../triggers/blob.ts'
import type { TimerTrigger } from '../triggers/timer.ts'
import type { Log } from '../types.ts'
import { type Answer, type Incoming, jsonAnswer } from './message.ts'

export interface AdminParts {
  functions: ReadonlyMap<string, AppFunction>
  timers: ReadonlyMap<string, TimerTrigger>
  blobs: BlobTriggers
  log: Log
}

const startBody = z.looseObject({ input: z.string().default('') })

/**
 * /admin: GET host/status; GET functions, and POST functions/{name}, which starts a timer or blob function at once and answers 202; GET poison, and
 * POST poison/{id} (deliver again) or DELETE poison/{id} (dismiss).
 */
export function admin({ functions, timers, blobs, log }: AdminParts, segments: readonly string[], { method, body, url }: Incoming): Answer {
  const [area, name] = segments
  if (method === 'GET' && area === 'host' && name === 'status') return jsonAnswer(200, { state: 'Running', processId: process.pid })
  if (method === 'GET' && area === 'functions' && name === undefined) {
    return jsonAnswer(200, [...functions.values()].map((fn) => ({ name: fn.name, config: { bindings: Object.values(fn.metadata.bindings) } })))
  }
  if (area === 'poison') return poison(blobs, method, name, url)
  if (method !== 'POST' || area !== 'functions' || name === undefined) throw new HostError('HOST_REQUEST_INVALID', { detail: `${method} ${url.pathname} is no admin call.` })

  const fn = functions.get(name)
  if (!fn) throw new HostError('HOST_FUNCTION_UNKNOWN', { kind: 'function', name })
  const timer = timers.get(name)
  if (timer) void timer.fire()
  else if (fn.kind === 'blob') {
    blobs.fire(name, readInput(body)).catch((error: unknown) => log({ level: 'error', event: 'function-failed', message: messageOf(error), function: name }))
  } else throw new HostError('HOST_REQUEST_INVALID', { detail: `${name} is started by ${fn.trigger.type}, not by an admin call.` })
  return { status: 202 }
}

function poison(blobs: BlobTriggers, method: string, id: string | undefined, url: URL): Answer {
  if (method === 'GET' && id === undefined) {
    return jsonAnswer(200, blobs.receipts.poisoned().map(({ created, ...message }) => ({ ...message, created: new Date(created).toISOString() })))
  }
  if (id === undefined || !['POST', 'DELETE'].includes(method)) throw new HostError('HOST_REQUEST_INVALID', { detail: `${method} ${url.pathname} is no admin call.` })
  const seq = /^\d{1,15}$/.test(id) ? Number(id) : -1
  if (method === 'POST') blobs.replayPoison(seq)
  else blobs.receipts.takePoison(seq, false)
  return { status: method === 'POST' ? 202 : 204 }
}

/** For a blob function the path of the blob, container first. */
function readInput(body: Buffer): string {
  try {
    return startBody.parse(body.length === 0 ? {} : JSON.parse(body.toString('utf8'))).input
  } catch (error) {
    throw new HostError('HOST_REQUEST_INVALID', { detail: 'The body must be {"input": "text"}.' }, { cause: error })
  }
}
