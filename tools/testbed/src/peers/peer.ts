/** One decision of a peer, in the log's own time. */
export interface PeerAlert {
  readonly address: string
  /** UTC, whole seconds, of the line that brought it about. */
  readonly at: string
  /** Which of the peer's rules. */
  readonly rule: string
}

export interface PeerLog {
  readonly path: string
  /** ms since the epoch; a time at or after the last line, in the same year as all lines. */
  readonly endMs: number
}

/** A peer did not run to its end: what it said last. */
export class PeerError extends Error {
  override readonly name = 'PeerError'

  constructor(peer: string, output: string) {
    super(`${peer} failed: ${output.trim().split('\n').slice(-8).join('\n')}`)
  }
}

/** ISO without milliseconds, as truth files have it. */
export const second = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
