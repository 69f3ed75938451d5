import { userInfo } from 'node:os'
import { LogpipeError } from '@logpipe/core'
import { type EntityKind, type Judgement, judge, readJudgements, revoke } from '@logpipe/core/judgements'
import { SEVERITIES, type Severity } from '@logpipe/core/detections'
import { findAnomalies, pick, type Where } from '../anomalies/findings.ts'
import { kindOf, secondsOf } from '../anomalies/words.ts'
import { print, printJson, tell } from '../output.ts'
import { withTarget } from '../target/with-target.ts'
import { anomalyDetail, anomalyLine, judgementLine } from '../view/anomaly.ts'

interface Options extends Where {
  readonly json: boolean
}

/** `logpipe anomalies list`: the flagged ones by rank; `--all` lists what else the run names. */
export async function listAnomalies(options: Options & { severity: Severity; all: boolean; limit: number }): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const listed = await findAnomalies(store, options)
    const least = SEVERITIES.indexOf(options.severity)
    const chosen = listed.anomalies.filter(({ flagged, severity }) => options.all || (flagged && SEVERITIES.indexOf(severity) >= least)).slice(0, options.limit)
    if (options.json) printJson({ ok: true, data: { runId: listed.runId, source: listed.source, anomalies: chosen } })
    else if (chosen.length === 0) print(`Nobody suspicious in ${listed.runId}.`)
    else chosen.forEach((anomaly) => print(anomalyLine(anomaly)))
    return 0
  })
}

/** `logpipe anomalies show RANK|ENTITY`. */
export async function showAnomaly(wanted: string, options: Options): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const listed = await findAnomalies(store, options)
    const anomaly = pick(listed, wanted)
    const said = (await readJudgements(store)).filter(({ entity }) => entity === anomaly.entity)
    if (options.json) printJson({ ok: true, data: { runId: listed.runId, source: listed.source, anomaly, judgements: said } })
    else print([anomalyDetail(anomaly), ...said.map((judgement) => `  judged     ${judgementLine(judgement)}`)].join('\n'))
    return 0
  })
}

export interface Verdict {
  readonly json: boolean
  readonly reason: string
  /** 12h, 30d, 8w. */
  readonly for: string
  readonly kind?: EntityKind
  readonly host?: string
  readonly detection?: string
  readonly author?: string
}

/** `logpipe anomalies allow|dismiss ENTITY`: heeded by runs that start from now on. */
export async function say(kind: Judgement['kind'], entity: string, options: Verdict): Promise<number> {
  const now = Date.now()
  const judgement: Judgement = {
    kind,
    entity_kind: options.kind ?? kindOf(entity),
    entity,
    host: options.host ?? null,
    id: options.detection ?? null,
    until: new Date(now + secondsOf(options.for) * 1000).toISOString(),
    reason: options.reason,
    author: options.author ?? userInfo().username,
    at: new Date(now).toISOString(),
  }
  return withTarget('storage', tell, async ({ store }) => {
    const said = await judge(store, judgement)
    if (options.json) printJson({ ok: true, data: said })
    else print(judgementLine(said))
    return 0
  })
}

/** `logpipe anomalies judged`: everything that was said, with its author and end. */
export async function listJudgements({ json }: { json: boolean }): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const said = await readJudgements(store)
    if (json) printJson({ ok: true, data: said })
    else if (said.length === 0) print('Nothing is allowed or dismissed.')
    else said.forEach((judgement) => print(`${Date.parse(judgement.until) < Date.now() ? 'expired  ' : ''}${judgementLine(judgement)}`))
    return 0
  })
}

/** `logpipe anomalies revoke ENTITY`. */
export async function takeBack(entity: string, { json }: { json: boolean }): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const revoked = await revoke(store, entity)
    if (revoked.length === 0) throw new LogpipeError('JUDGEMENT_NOT_VALID', { detail: `nothing was said about ${entity}` })
    if (json) printJson({ ok: true, data: revoked })
    else revoked.forEach((judgement) => print(`revoked  ${judgementLine(judgement)}`))
    return 0
  })
}
