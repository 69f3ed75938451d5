import type { Tag } from '../actor.ts'

/** Writes what stands before the message, the blank after the colon included. `at` in ms since the epoch, written as UTC. */
export type Header = (at: number, tag: Tag) => string
