export { startHost } from './host.ts'
export { HostError, type HostErrorCode, type HostErrorDocument } from './errors.ts'
export type { Host, HostOptions, Log, LogEntry, LogLevel } from './types.ts'
