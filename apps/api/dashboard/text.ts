import { h } from './dom.ts'

/** As `safeText` of libs/core has it; a test holds both equal. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

export const escapeOf = (found: string): string => {
  const code = found.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
}

export const safeText = (text: string): string => text.replaceAll(UNSAFE, escapeOf)

/** Text that an attacker may have written: control and bidi characters as visible escapes, set apart from its surroundings. */
export function said(text: string, kind = 'said'): HTMLElement {
  const shown = h('bdi', { class: kind })
  let from = 0
  for (const { 0: found, index } of text.matchAll(UNSAFE)) {
    shown.append(text.slice(from, index), h('span', { class: 'escape', title: 'A control character' }, escapeOf(found)))
    from = index + found.length
  }
  shown.append(text.slice(from))
  return shown
}

const NUMBER = new Intl.NumberFormat('en')
export const number = (value: number): string => NUMBER.format(value)

export function bytes(value: number): string {
  if (value < 1000) return `${value} B`
  const [unit, size] = value < 1e6 ? ['kB', 1e3] : value < 1e9 ? ['MB', 1e6] : ['GB', 1e9]
  return `${(value / size).toFixed(value / size < 10 ? 1 : 0)} ${unit}`
}

export const seconds = (ms: number): string => (ms < 950 ? `${(ms / 1000).toFixed(2)} s` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`)

/** UTC, to the minute. */
export const moment = (iso: string): HTMLElement => h('time', { datetime: iso }, `${iso.slice(0, 10)} ${iso.slice(11, 16)}`)

export const words = (name: string): string => name.replaceAll('_', ' ')
export const title = (name: string): string => { const text = words(name); return text.charAt(0).toUpperCase() + text.slice(1) }
