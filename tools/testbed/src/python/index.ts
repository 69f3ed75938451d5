export { PythonError } from './python-error.ts'
export { sparkPython } from './spark-python.ts'
export type { SparkPython } from './spark-python.ts'
export { virtualEnvironment } from './virtual-environment.ts'
