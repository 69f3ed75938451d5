/** One decision of a peer, in the log's own time. */
export interface PeerAlert {
  readonly address: string
  /** ms since the epoch, of the line that brought it about. */
  readonly atMs: number
  /** Which of the peer's rules. */
  readonly rule: string
}

export interface PeerLog {
  readonly path: string
  /** ms since the epoch; a time at or after the last line, in the same year as all lines. */
  readonly endMs: number
  /** Ranges in CIDR that are never to be named. Default none. */
  readonly allowed?: readonly string[]
}

/** A peer did not run to its end: what it said last. */
export class PeerError extends Error {
  override readonly name = 'PeerError'

  constructor(peer: string, output: string) {
    super(`${peer} failed: ${output.trim().split('\n').slice(-8).join('\n')}`)
  }
}
