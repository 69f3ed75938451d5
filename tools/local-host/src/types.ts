/** Log levels from least to most grave. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One structured event; `event` is stable and meant for machines, `message` for people. */
export interface LogEntry {
  level: LogLevel
  event: string
  message: string
  [field: string]: unknown
}

export type Log = (entry: LogEntry) => void

export interface HostOptions {
  /** Folder with host.json, optionally local.settings.json, and a package.json whose "main" registers the functions (`.ts` is fine). */
  appDir: string
  /** Folder of the durable state, receipts, timer status and key; made when missing, used by one host at a time. */
  stateDir: string
  /** Connection string that becomes AzureWebJobsStorage (Azurite, or a storage account). */
  storage: string
  /** Port on 127.0.0.1; 0 or absent: a free one. */
  port?: number
  /** The one key of this host (function, system and admin level). Absent: read from, or made and kept in, stateDir. */
  functionKey?: string
  log?: Log
  /** Time between two looks at a blob container, in ms. Default 500. */
  pollMs?: number
  /** How long stop() waits for running functions, in ms. Default 10,000. */
  drainMs?: number
  /** How long the history of an ended instance is kept, in ms. Default 30 days; Infinity: for ever. */
  keepEndedMs?: number
  /** Aborting it is the same as calling stop(). */
  signal?: AbortSignal
}

export interface Host {
  /** Base address without a slash at the end, for example http://127.0.0.1:41234. */
  url: string
  functionKey: string
  /** Resolves after the first pass of every trigger: whatever was in storage before is now under way. */
  ready: Promise<void>
  /** Takes no new work, waits for running functions up to drainMs, closes the state. What did not end is delivered again by the next host. */
  stop(): Promise<void>
}
