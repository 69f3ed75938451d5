export { startAzureStub } from './azure-stub.ts'
export type { AzureStub, AzureStubOptions } from './azure-stub.ts'
