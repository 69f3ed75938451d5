const ERRORS = {
  DEBIAN_MISSING: 'Run the suite on Debian 12 or in a container of it: these programs are taken from its packages',
  PACKAGE_NOT_REACHED: "Check the network and the mirror that apt is set to (apt-get update), then run the suite again",
  PACKAGE_NOT_FIT: 'Run the suite on Debian 12 or in a container of it: its figures are those of these versions',
} as const

/** Why a package of Debian is not to be had on this machine, in plain words with its cure. */
export class DebianError extends Error {
  override readonly name = 'DebianError'
  readonly code: keyof typeof ERRORS
  readonly fix: string

  constructor(code: keyof typeof ERRORS, detail: string) {
    super(`${code}: ${detail}\n  fix: ${ERRORS[code]}`)
    this.code = code
    this.fix = ERRORS[code]
  }
}
