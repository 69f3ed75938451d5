export { compileDetections } from './compile.ts'
export { Detection, FIELDS, SEVERITIES } from './detection.ts'
export type { DetectionOf, Filter, SampleRows, Severity } from './detection.ts'
