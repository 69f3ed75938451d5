export type { LineBatch, SpecialLine, LineFlag } from './batch.ts'
export { LINE_FLAGS } from './batch.ts'
