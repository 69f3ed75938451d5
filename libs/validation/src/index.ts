export { checkRun } from './check-run.ts'
export { checkQuality } from './quality.ts'
