/** One parsed line of silver `events.json`, fields in this order; every field is always present, null where the line says nothing. */
export interface SilverEvent {
  line_no: number
  /** UTC, ISO 8601 with as many fraction digits as the line had, at least `YYYY-MM-DDTHH:MM:SSZ`; null when the header has no readable time. */
  time: string
  year_inferred: boolean
  host: string | null
  program: string | null
  pid: number | null
  event: string
  outcome: 'failure' | 'success' | 'none'
  /** Set once for each try at a login: attempts = sum(repeat) where attempt is not null. */
  attempt: 'auth_failed' | 'auth_accepted' | null
  user: string | null
  user_valid: boolean | null
  /** Canonical IP text, or null. */
  address: string | null
  /** The address or host name as written. */
  address_raw: string | null
  /** Where address (or rhost) came from: this line, or a neighbouring line of the same host and pid. */
  address_from: 'line' | 'session' | null
  user_from: 'line' | 'session' | null
  rhost: string | null
  port: number | null
  method: string | null
  fingerprint: string | null
  protocol: string | null
  reason: string | null
  session: string | null
  /** N of "message repeated N times", 1 otherwise. */
  repeat: number
  template_id: string | null
  template: string
  message: string
}

/** One line of silver `quarantine.json`. */
export interface QuarantinedLine {
  line_no: number
  byte_offset: number
  byte_length: number
  sha256: string
  reason: QuarantineReason
  /** Capped text of the line. */
  raw: string
}

/** blank lines do not count against quality. */
export type QuarantineReason = 'blank' | 'no_header' | 'bad_time' | 'oversize' | 'cut_off' | 'binary'
