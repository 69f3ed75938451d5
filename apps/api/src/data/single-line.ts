import type { Detection } from '@logpipe/core/detections'
import type { SilverEvent } from '@logpipe/core/silver'

export interface Hit {
  readonly id: string
  readonly title: string
  readonly technique: string
  readonly severity: Detection['severity']
}

/** The detections that one line alone can fire: those that count to one and look at nothing but the line. All others need a window. */
export function singleLineDetections(detections: readonly Detection[]): (event: SilverEvent) => Hit[] {
  const able = detections.filter((detection) => detection.kind === 'threshold' && detection.parameters.threshold === 1 && !('stranger' in detection.where))
  return (event) => {
    const { event: name, outcome, attempt, method, user: user_name } = event
    const said: Record<string, string | null> = { event: name, outcome, attempt, method, user_name }
    const fits = (field: string, wanted: readonly string[] | { not: readonly string[] }): boolean => {
      const value = said[field] ?? ''
      return 'not' in wanted ? !wanted.not.includes(value) : wanted.includes(value)
    }
    return able
      .filter((detection) => 'where' in detection && Object.entries(detection.where).every(([field, wanted]) => fits(field, wanted)))
      .map(({ id, title, technique, severity }) => ({ id, title, technique, severity }))
  }
}
