import type { EvaluatedLog, Finding, LogpipeView, Opinion } from '@logpipe/evaluate'
import { ALLOWED } from '@logpipe/evaluate'
import { crowdsecAlerts } from './crowdsec.ts'
import { fail2banBans } from './fail2ban.ts'
import type { PeerAlert } from './peer.ts'
import { pyodScores } from './pyod.ts'

/** What the real peers say of a log that logpipe has looked at: bans and alerts, and rankings of the same features. */
export async function peerOpinions({ path, endMs }: EvaluatedLog, { scores, table }: LogpipeView): Promise<Readonly<Record<string, Opinion>>> {
  const log = { path, endMs, allowed: ALLOWED }
  const [ranked, normal, aggressive, alerts] = await Promise.all([
    pyodScores(table), fail2banBans(log, 'normal'), fail2banBans(log, 'aggressive'), crowdsecAlerts(log),
  ])
  const rankings = Object.entries(ranked).map(([name, one]): [string, Opinion] => [
    name, { findings: null, scores: scores.map((scored, i) => ({ ...scored, score: one.scores[i]! })) },
  ])
  return { ...Object.fromEntries(rankings), fail2ban: said(normal), 'fail2ban aggressive': said(aggressive), crowdsec: said(alerts) }
}

/** An address is named once, with all its alerts. Neither peer tells hosts apart. */
function said(alerts: readonly PeerAlert[]): Opinion {
  const findings = [...Map.groupBy(alerts, ({ address }) => address)].map(([entity, own]): Finding => ({
    kind: 'address', entity, host: null, hits: own.map(({ rule, atMs }) => ({ rule, atMs, fromMs: atMs })),
  }))
  return { findings, scores: null }
}
