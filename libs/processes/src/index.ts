export { startProcess } from './start-process.ts'
export type { ProcessOptions, RunningProcess } from './start-process.ts'
export { stopWithParent } from './stop-with-parent.ts'
export { createProcessServices } from './process-services.ts'
