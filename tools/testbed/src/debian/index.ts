export { DebianError } from './debian-error.ts'
export { debianPackage } from './debian-package.ts'
export type { DebianPackage } from './debian-package.ts'
