/** Exit code of a command that was interrupted. */
export const INTERRUPTED = 130

const stoppers = new Set<() => Promise<void>>()
let interrupted = false

/** What must end before the process does, last registered first. */
export function onInterrupt(stop: () => Promise<void>): void {
  stoppers.add(stop)
}

/**
 * Ctrl-C, also by way of npm and the bootstrap (so it may come twice): ends what was started, in order, then exits with 130. Parts run in
 * sessions of their own, so the terminal's signal reaches only this process.
 */
export function handleInterrupts(): void {
  const handle = (): void => {
    if (interrupted) return
    interrupted = true
    void (async () => {
      for (const stop of [...stoppers].reverse()) await stop().catch(() => undefined)
      process.exit(INTERRUPTED)
    })()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, handle)
}

export const wasInterrupted = (): boolean => interrupted
