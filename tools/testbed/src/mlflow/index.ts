export { startMlflow } from './mlflow-server.ts'
export type { MlflowServer } from './mlflow-server.ts'
export { readBack } from './read-back.ts'
