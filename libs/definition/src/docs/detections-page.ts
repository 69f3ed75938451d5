import type { PipelineDefinition } from '@logpipe/core'
import type { Detection } from '@logpipe/core/detections'
import { cell, generatedFrom, table } from './markdown.ts'

type Filter = Detection['where']

const filter = (where: Filter): string =>
  Object.entries(where)
    .map(([field, values]) => `${field} is ${values.map((value) => `\`${value}\``).join(' or ')}`)
    .join(' and ') || 'any'

const duration = (seconds: number): string => {
  for (const [unit, size] of [['days', 86_400], ['hours', 3600], ['minutes', 60]] as const) if (seconds >= 2 * size && seconds % size === 0) return `${seconds / size} ${unit}`
  return `${seconds} s`
}

/** What is counted, and from which count on it fires, in a sentence. */
function rule(detection: Detection): string {
  const { entity, where } = detection
  const what = 'lines'
  const each = `of one ${entity} on one host`
  switch (detection.kind) {
    case 'threshold':
      return `at least ${detection.parameters.threshold} ${what} (${filter(where)}) ${each} within ${duration(detection.parameters.window_s)}`
    case 'distinct':
      return `at least ${detection.parameters.threshold} different values of ${detection.parameters.field} in ${what} (${filter(where)}) ${each} within ${duration(detection.parameters.window_s)}`
    case 'sequence':
      return `one of the ${what} (${filter(detection.then)}) with at least ${detection.parameters.threshold} (${filter(where)}) ${each} in the ${duration(detection.parameters.window_s)} before it`
    case 'regular': {
      const { threshold, min_interval_s, max_spread } = detection.parameters
      const unless = detection.unless === undefined ? '' : `; cancelled by one with ${filter(detection.unless)}`
      return `at least ${threshold} ${what} (${filter(where)}) ${each}, whose median gap is at least ${duration(min_interval_s)} and whose gaps' interquartile range is at most ${max_spread} of it${unless}`
    }
  }
}

const section = (detection: Detection): string =>
  [
    `## ${detection.id}`,
    `**${detection.title}.** ${detection.text}`,
    `- Fires on ${rule(detection)}.\n- Severity: ${detection.severity}.\n- ATT&CK: [${detection.technique}](https://attack.mitre.org/techniques/${detection.technique.replace('.', '/')}/).`,
  ].join('\n\n')

/** docs/detections.md: each detection in words. */
export function detectionsPage({ detections }: Pick<PipelineDefinition, 'detections'>): string {
  const rows = detections.map(({ id, title, kind, severity, technique, parameters }) => [`[${id}](#${id})`, cell(title), kind, String(parameters.threshold), severity, technique])
  return [
    '# Detections',
    generatedFrom('`pipelines/openssh/detections/*.yaml`'),
    `Each looks at windows of its own for each host and entity; a message that is repeated N times counts N times. Of the windows of one entity the strongest
is reported. A detection of medium severity or higher flags its entity, whatever its score. Each file has a sample that fires at the threshold and one, a
step below, that does not; a test runs both.`,
    table(['detection', 'title', 'kind', 'threshold', 'severity', 'ATT&CK'], rows),
    ...detections.map(section),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}
