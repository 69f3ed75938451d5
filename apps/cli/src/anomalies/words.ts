import { LogpipeError } from '@logpipe/core'
import type { EntityKind } from '@logpipe/core/judgements'
import { isIP } from 'node:net'

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 7 * 86_400 }

/** `30m`, `12h`, `30d`, `8w` in seconds. Throws USAGE. */
export function secondsOf(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,4})([mhdw])$/.exec(text) ?? []
  const seconds = Number(count) * (UNITS[unit] ?? 0)
  if (seconds === 0) throw new LogpipeError('USAGE', { detail: `--for ${text}: a time such as 12h, 30d or 8w is wanted` })
  return seconds
}

/** What a word names when nobody said: an address, a network, else a user. */
export const kindOf = (entity: string): EntityKind => (isIP(entity) > 0 ? 'address' : /^[0-9a-f.:]+\/\d+$/.test(entity) ? 'subnet' : 'user')
