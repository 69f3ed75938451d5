import { fileURLToPath } from 'node:url'
import { virtualEnvironment } from './virtual-environment.ts'

/** Path of a Python that has an MLflow server: 70 packages, 360 MB. Throws PythonError. */
export const mlflowPython = (): Promise<string> =>
  virtualEnvironment({ requirements: [fileURLToPath(new URL('./requirements-mlflow.txt', import.meta.url))] })
