const ERRORS = {
  PYTHON_MISSING: 'Install Python 3.8 to 3.11 with its venv module: apt-get install python3 python3-venv',
  PYTHON_NOT_FIT: 'Put a Python 3.8 to 3.11 first on PATH as python3; PySpark 3.4 knows no newer one',
  PACKAGES_NOT_INSTALLED: 'Check the network, or the package index that pip is set to (pip config list), then run the suite again',
  BUILD_STUCK: 'If no other suite is being set up, remove the folder that is named, then run the suite again',
  JAVA_MISSING: 'Install Java 17 (apt-get install openjdk-17-jre-headless), or set JAVA_HOME to one',
} as const

/** What is missing on this machine, in plain words with its cure. */
export class PythonError extends Error {
  override readonly name = 'PythonError'
  readonly code: keyof typeof ERRORS
  readonly fix: string

  constructor(code: keyof typeof ERRORS, detail: string, options?: { cause?: unknown }) {
    super(`${code}: ${detail}\n  fix: ${ERRORS[code]}`, options)
    this.code = code
    this.fix = ERRORS[code]
  }
}
