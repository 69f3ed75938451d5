export { createBlobStore } from './blob-store.ts'
export type { BlobStore } from './blob-store.ts'
export { connectBlobService } from './connect.ts'
