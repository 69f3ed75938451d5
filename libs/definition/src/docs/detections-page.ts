import type { PipelineDefinition } from '@logpipe/core'
import type { Detection, Filter } from '@logpipe/core/detections'
import { cell, generatedFrom, table } from './markdown.ts'

const listed = (values: readonly string[], word: string): string => values.map((value) => `\`${value}\``).join(` ${word} `)

const filter = (where: Filter): string =>
  Object.entries(where)
    .map(([field, values]) => (Array.isArray(values) ? `${field} is ${listed(values, 'or')}` : `${field} is neither ${listed(values.not, 'nor')}`))
    .join(' and ')

const duration = (seconds: number): string => {
  for (const [unit, size] of [['days', 86_400], ['hours', 3600], ['minutes', 60]] as const) if (seconds >= 2 * size && seconds % size === 0) return `${seconds / size} ${unit}`
  return `${seconds} s`
}

/** What is counted, and from which count on it fires, in a sentence. */
function rule(detection: Detection): string {
  const { threshold } = detection.parameters
  const each = `of one ${detection.entity} on one host`
  switch (detection.kind) {
    case 'threshold':
      return `at least ${threshold} ${detection.count === 'connections' ? 'connections with such lines' : 'lines'} (${filter(detection.where)}) ${each} within ${duration(detection.parameters.window_s)}${guard(detection.parameters)}`
    case 'distinct':
      if (detection.parameters.field === 'host') return `at least ${threshold} different hosts in lines (${filter(detection.where)}) of one address within ${duration(detection.parameters.window_s)}, named once, at the host where most had been tried`
      return `at least ${threshold} different values of ${detection.parameters.field} in lines (${filter(detection.where)}) ${each} within ${duration(detection.parameters.window_s)}${guard(detection.parameters)}`
    case 'sequence':
      return `a line (${filter(detection.then)}) with at least ${threshold} (${filter(detection.where)}) ${each} in the ${duration(detection.parameters.window_s)} before it${guard(detection.parameters)}`
    case 'regular': {
      const { min_interval_s, max_spread } = detection.parameters
      const unless = detection.unless === undefined ? '' : `; cancelled by one with ${filter(detection.unless)}`
      return `at least ${threshold} lines (${filter(detection.where)}) ${each}, whose median gap is at least ${duration(min_interval_s)} and whose gaps' interquartile range is at most ${max_spread} of it${unless}`
    }
    case 'first_seen':
      return `an accepted login from a network (/24, /64) that its user never came from, after at least ${threshold} logins over at least ${detection.parameters.min_days} days from at most ${detection.parameters.max_share} times as many networks; the history of earlier files counts`
    case 'unusual_hour':
      return `an accepted login at least ${detection.parameters.hours_off} hours of the day off any hour (UTC) at which its user logged in before, after at least ${threshold} logins, and so many that somebody without any hours would have left such a gap with a chance of at most ${detection.parameters.chance}; the history of earlier files counts`
    case 'burst':
      return `an hour of one host with at least ${threshold} lines, and with ${detection.parameters.times} times the median of its hours, of which there are at least ${detection.parameters.min_hours}`
  }
}

function guard({ quiet_share, window_s }: { quiet_share?: number | undefined; window_s: number }): string {
  return quiet_share === undefined ? '' : `; quiet while the address has accepted logins for ${quiet_share} of that or more in ${duration(Math.max(window_s, 3600))}`
}

const section = (detection: Detection): string =>
  [
    `## ${detection.id}`,
    `**${detection.title}.** ${detection.text}`,
    `- Fires on ${rule(detection)}.${(detection.answers ?? []).map((answer) => `\n- Beside it: ${answer}.`).join('')}\n- Severity: ${detection.severity}.\n- ATT&CK: [${detection.technique}](https://attack.mitre.org/techniques/${detection.technique.replace('.', '/')}/).`,
  ].join('\n\n')

/** docs/detections.md: each detection in words. */
export function detectionsPage({ detections }: Pick<PipelineDefinition, 'detections'>): string {
  const rows = detections.map(({ id, title, kind, severity, technique, parameters }) => [`[${id}](#${id})`, cell(title), kind, String(parameters.threshold), severity, technique])
  return [
    '# Detections',
    generatedFrom('`pipelines/openssh/detections/*.yaml`'),
    `Each looks at windows of its own for each host and entity; a message that is repeated N times counts N times. Of the windows of one entity the strongest
is reported, and the line at which the threshold was first reached. A \`stranger\` is an address from which no login was ever accepted. A detection of
medium severity or higher flags its entity, whatever its score. Each file has a sample that fires at the threshold and one, a
step below, that does not; a test runs both.`,
    table(['detection', 'title', 'kind', 'threshold', 'severity', 'ATT&CK'], rows),
    ...detections.map(section),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}
