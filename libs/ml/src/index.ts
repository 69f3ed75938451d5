export { createMlflowClient, drainOutbox, enqueueTracking, Tracking } from './mlflow/index.ts'
export type { Drained, DrainOptions, MlflowClient, MlflowSettings } from './mlflow/index.ts'
export * from './model/index.ts'
