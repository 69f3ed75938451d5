import type { SilverEvent } from '@logpipe/core/silver'
import type { Done } from './run-suite.ts'

export interface Attribution {
  /** The events of each step, in the order of their lines. */
  readonly byStep: ReadonlyMap<Done, readonly SilverEvent[]>
  /** What belongs to no step: the listeners' own lines and those of other programs. */
  readonly rest: readonly SilverEvent[]
}

/**
 * Tells which step each line comes from. A step's processes are those that name one of its connections; a listener speaks for many steps,
 * so of its lines only those that name the connection count.
 */
export function attribute(done: readonly Done[], events: readonly SilverEvent[]): Attribution {
  const listeners = new Set(events.filter(({ event }) => event === 'listener').map(({ pid }) => pid))
  const stepOf = (event: SilverEvent): Done | undefined =>
    event.address_from !== 'line'
      ? undefined
      : done.find(({ client }) => client.address === event.address && (event.port === null || client.ports.includes(event.port)))
  const byPid = new Map<number | null, Done>()
  for (const event of events) {
    const step = event.port === null ? undefined : stepOf(event)
    if (step !== undefined && !listeners.has(event.pid)) byPid.set(event.pid, step)
  }
  const byStep = new Map<Done, SilverEvent[]>(done.map(step => [step, []]))
  const rest: SilverEvent[] = []
  for (const event of events) {
    const step = byPid.get(event.pid) ?? stepOf(event)
    if (step === undefined) rest.push(event)
    else byStep.get(step)!.push(event)
  }
  return { byStep, rest }
}
