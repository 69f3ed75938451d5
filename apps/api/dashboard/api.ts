import { tell } from './dom.ts'

/** Shapes of the API that the dashboard reads; the API's own description is /openapi.json. */
export interface Fault { readonly code: string; readonly message: string; readonly cause: string; readonly fix: string }
export interface Stage {
  readonly name: string
  readonly status: 'pending' | 'running' | 'succeeded' | 'failed' | 'skipped' | 'reused'
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly attempts: number
  readonly counts: Readonly<Record<string, number>>
  readonly warnings: readonly string[]
  readonly error: Fault | null
}
export interface Run {
  readonly runId: string
  readonly slug: string
  readonly source: { readonly container: string; readonly name: string; readonly etag: string; readonly bytes: number }
  readonly trigger: string
  readonly status: string
  readonly queuedAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly stages: readonly Stage[]
  readonly plan: { readonly of: string | null; readonly from: string } | null
  readonly pinned: { readonly model: { readonly version: string } | null } | null
  readonly params: { readonly timezone: string; readonly timezoneAssumed: boolean }
  readonly error: Fault | null
}
export interface Artifact { readonly output: string; readonly container: string; readonly name: string; readonly bytes: number; readonly sha256: string; readonly rows: number | null }
export interface Report extends Run {
  readonly target: string
  readonly engine: { readonly name: string; readonly why: string }
  readonly summary: { readonly lines: number; readonly parsed: number; readonly quarantined: number; readonly failedLogins: number; readonly acceptedLogins: number; readonly flagged: number }
  readonly checks: readonly { readonly id: string; readonly ok: boolean; readonly seen: string }[]
  readonly artifacts: readonly Artifact[]
  readonly services: readonly { readonly name: string; readonly url: string | null; readonly state: string; readonly detail: string }[]
  readonly warnings: readonly { readonly code: string; readonly text: string }[]
}
export interface RunView { readonly record: Run; readonly report: Report | null; readonly published: boolean }
export interface Hit { readonly id: string; readonly technique: string; readonly severity: string; readonly observed: number; readonly threshold: number; readonly first_line: number; readonly last_line: number }
export interface Listed {
  readonly number: number
  readonly entity_kind: string
  readonly entity: string
  readonly host: string
  readonly window_start: string
  readonly window_end: string
  readonly score: number | null
  readonly rank: number | null
  readonly flagged: boolean
  readonly severity: string
  readonly detections: readonly Hit[]
  readonly agreement: string | null
  readonly why: string
}
export interface Anomaly extends Listed {
  readonly contributions: readonly { readonly feature: string; readonly value: number; readonly tail_probability: number; readonly share: number }[]
  readonly evidence: readonly { readonly line_no: number; readonly raw: string }[]
}
export interface Judgement { readonly kind: string; readonly entity: string; readonly until: string; readonly reason: string; readonly author: string }
export interface Anomalies { readonly runId: string; readonly source: string; readonly total: number; readonly counts: Readonly<Record<string, number>>; readonly anomalies: readonly Listed[] }
export type Row = Readonly<Record<string, string | null>>
export interface Table { readonly runId: string; readonly source: string; readonly total: number | null; readonly rows: readonly Row[] }

/** What the API answered instead of data. */
export class ApiError extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(`${fault.message}. ${fault.cause}`)
    this.fault = fault
  }
}

/** One request; the session's cookie goes along. Throws ApiError. */
export async function call<T>(path: string, method = 'GET', body?: object | string): Promise<T> {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  const answer = await fetch(path, body === undefined ? { method } : { method, headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) }).catch(() => null)
  const said = (await answer?.json().catch(() => null)) as { ok: true; data: T } | { ok: false; error: Fault } | null | undefined
  if (said?.ok === true) return said.data
  throw new ApiError(said?.error ?? { code: 'API_UNREACHABLE', message: 'The API does not answer', cause: 'It has stopped, or the network is down.', fix: 'Start it again: npm run dev' })
}

/** Live events until the returned function is called; storage that is down is told. The browser connects again by itself. */
export function listen(path: string, handlers: Readonly<Record<string, (data: unknown) => void>>): () => void {
  const source = new EventSource(path)
  source.addEventListener('trouble', ({ data }: MessageEvent<string>) => tell(`${(JSON.parse(data) as Fault).message}. It goes on by itself.`))
  for (const [event, handle] of Object.entries(handlers)) source.addEventListener(event, ({ data }: MessageEvent<string>) => handle(JSON.parse(data)))
  return () => source.close()
}
