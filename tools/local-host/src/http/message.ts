import type { IncomingMessage, ServerResponse } from 'node:http'
import { HostError, type HostErrorCode } from '../errors.ts'

/** A request whose key has been checked and whose body has been read. */
export interface Incoming {
  method: string
  /** Absolute, with the Host header's authority. */
  url: URL
  headers: Record<string, string>
  body: Buffer
}

export interface Answer {
  status: number
  headers?: Record<string, string | string[]>
  body?: string | Uint8Array
}

export const jsonAnswer = (status: number, value: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
})

const statuses: Partial<Record<HostErrorCode, number>> = {
  HOST_ACTION_UNSUPPORTED: 501,
  HOST_BODY_TOO_LARGE: 413,
  HOST_BUSY: 429,
  HOST_FUNCTION_UNKNOWN: 404,
  HOST_INSTANCE_ACTIVE: 409,
  HOST_INSTANCE_ENDED: 410,
  HOST_INSTANCE_EXISTS: 409,
  HOST_INSTANCE_NOT_FAILED: 412,
  HOST_INSTANCE_UNKNOWN: 404,
  HOST_POISON_UNKNOWN: 404,
  HOST_REQUEST_FOREIGN: 403,
  HOST_REQUEST_INVALID: 400,
  HOST_REQUEST_UNAUTHORIZED: 401,
  HOST_REWIND_IMPOSSIBLE: 409,
}

export const errorAnswer = (error: HostError): Answer => jsonAnswer(statuses[error.code] ?? 500, error.toDocument())

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, answer.headers)
  response.end(answer.body)
}

/** Reads the body; throws HOST_BODY_TOO_LARGE past the limit (in bytes) and leaves the rest to Node, which reads it away after the answer. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = (): HostError => new HostError('HOST_BODY_TOO_LARGE', { limit })
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Header values as one string each, as the worker gets them. */
export const flatHeaders = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]))
