export type { SilverEvent, QuarantinedLine, QuarantineReason } from './event.ts'
