export { compileDetections, compileFirings } from './compile.ts'
export { Detection, ENTITIES, FIELDS, SEVERITIES } from './detection.ts'
export type { DetectionOf, Entity, Filter, SampleRows, Severity } from './detection.ts'
