import { decode } from '../catalogue/bytes.ts'
import type { HeaderReader } from './header.ts'
import { Constant } from './json-bytes.ts'
import { Said } from './said.ts'

/** Host and program of events. */
export interface EventOrigin {
  readonly host: Said | null
  readonly hostName: string
  readonly program: Said | null
  /** From the end of the time to the pid's value. */
  readonly json: Constant
}

export const NO_ORIGIN: EventOrigin = { host: null, hostName: '', program: null, json: new Constant('') }

/** Of the header just read. */
export function eventOrigin(bytes: Uint8Array, { hostStart, hostEnd, tag, moment }: HeaderReader): EventOrigin {
  const said = (start: number, end: number): Said | null => (start < 0 ? null : new Said(bytes.slice(start, end)))
  const json = (text: Said | null): string => (text === null ? 'null' : `"${decode(text.json)}"`)
  const host = said(hostStart, hostEnd)
  const program = said(tag.nameStart, tag.nameEnd)
  const yearInferred = moment?.yearInferred === true
  const hostName = host === null ? '' : decode(host.text)
  return { host, hostName, program, json: new Constant(`Z","year_inferred":${yearInferred},"host":${json(host)},"program":${json(program)},"pid":`) }
}
