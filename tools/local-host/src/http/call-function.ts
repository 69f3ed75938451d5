import type { Cookie, TypedData } from '../app/core-types.ts'
import type { AppFunction } from '../app/functions.ts'
import type { Invoke } from '../app/invoke.ts'
import { messageOf } from '../errors.ts'
import type { Log } from '../types.ts'
import type { Answer, Incoming } from './message.ts'

/** Calls an HTTP function. A failure answers 500 without details, as in the cloud; they are in the log. No response object is 204. */
export async function callHttpFunction(invoke: Invoke, log: Log, fn: AppFunction, request: Incoming, params: Record<string, string>): Promise<Answer> {
  const { method, url, headers, body } = request
  const http = { method, url: url.href, headers, params, query: Object.fromEntries(url.searchParams), body: { bytes: body } }
  try {
    const invocation = await invoke(fn, { trigger: { http }, traceParent: headers['traceparent'] })
    return toAnswer(await invocation.response())
  } catch (error) {
    log({ level: 'error', event: 'function-failed', message: messageOf(error), function: fn.name, stack: error instanceof Error ? error.stack : undefined })
    return { status: 500 }
  }
}

function toAnswer(data: TypedData | null | undefined): Answer {
  const http = data?.http
  if (!http) return { status: 204 }
  const headers: Record<string, string | string[]> = { ...http.headers }
  if (http.cookies && http.cookies.length > 0) headers['set-cookie'] = http.cookies.map(cookieText)
  const body = http.body?.bytes ?? http.body?.string
  return { status: Number(http.statusCode ?? 200), headers, ...(body !== undefined && { body }) }
}

const sameSites = { lax: 'Lax', strict: 'Strict', explicitNone: 'None' } as const

function cookieText(cookie: Cookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`]
  if (cookie.domain) parts.push(`Domain=${cookie.domain.value}`)
  if (cookie.path) parts.push(`Path=${cookie.path.value}`)
  if (cookie.expires) parts.push(`Expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`)
  if (cookie.maxAge) parts.push(`Max-Age=${cookie.maxAge.value}`)
  if (cookie.secure?.value) parts.push('Secure')
  if (cookie.httpOnly?.value) parts.push('HttpOnly')
  if (cookie.sameSite && cookie.sameSite !== 'none') parts.push(`SameSite=${sameSites[cookie.sameSite]}`)
  return parts.join('; ')
}
