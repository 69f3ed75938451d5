import { safeText } from '@logpipe/core'
import type { Anomaly, Judgement } from '@logpipe/core/judgements'
import { SEVERITY_STYLE, style } from '../output.ts'

/** One line: severity, who, why. */
export const anomalyLine = ({ severity, entity, why, rank }: Pick<Anomaly, 'severity' | 'entity' | 'why' | 'rank'>): string =>
  `${rank === null ? '     ' : String(rank).padStart(4) + ' '}${style(SEVERITY_STYLE[severity], severity.padEnd(8))} ${safeText(entity).padEnd(17)} ${safeText(why)}`

/** Everything a run says of one entity. */
export function anomalyDetail(anomaly: Anomaly): string {
  const { entity, entity_kind: kind, host, severity, window_start: from, window_end: to, score, contributions, detections, evidence, why } = anomaly
  const lines = [
    `${style('bold', safeText(entity))}  ${style(SEVERITY_STYLE[severity], severity)}  (${kind}${host === '' ? '' : ` on ${safeText(host)}`})`,
    `  ${safeText(why)}`,
    '',
    `  seen       ${from} to ${to}`,
    ...(score === null ? [] : [`  score      ${score.toFixed(2)} nats`]),
    ...detections.map((hit) => `  detection  ${hit.id} (${hit.severity}, ${hit.technique}): ${hit.observed} of ${hit.threshold}, lines ${hit.first_line} to ${hit.last_line}`),
    ...contributions.filter(({ share }) => share > 0).map(({ feature, value, share, tail_probability: tail }) =>
      `  feature    ${feature.padEnd(20)} ${String(value).padStart(10)}   ${(100 * share).toFixed(0).padStart(3)} % of the score; ${(100 * tail).toPrecision(2)} % of addresses have as much`),
    ...(evidence.length > 0 ? ['', '  evidence'] : []),
    ...evidence.map(({ line_no: line, raw }) => `    ${String(line).padStart(8)}  ${safeText(raw)}`),
  ]
  return lines.join('\n')
}

export const judgementLine = ({ kind, entity_kind: entityKind, entity, host, id, until, reason, author }: Judgement): string =>
  `${kind.padEnd(8)} ${entityKind.padEnd(7)} ${safeText(entity).padEnd(20)} ${host === null ? 'any host' : safeText(host)}, ${id ?? 'all'}, until ${until.slice(0, 10)}, by ${safeText(author)}: ${safeText(reason)}`
