export { createDatabricksClient, errorCodeOf } from './client/client.ts'
export type { DatabricksClient, JobSpec } from './client/client.ts'
export type { Job, Run } from './client/shapes.ts'
export type { DatabricksSettings } from './client/send.ts'
