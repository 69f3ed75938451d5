export { startAzurite } from './azurite.ts'
export type { Azurite } from './azurite.ts'
