import { h, svg } from './dom.ts'
import { number } from './text.ts'

export interface Hour { readonly hour: string; readonly failures: number; readonly successes: number }

const [HEIGHT, LEFT, BOTTOM] = [200, 44, 24]

/** A round number at or above `value`, whose half is round, too. */
function ceiling(value: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  return Math.max(2, [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].map((times) => times * step).find((limit) => limit >= value) ?? value)
}

/**
 * Failed and accepted logins of each hour, one bar on the other; the same as a table below, for those who do not see it. `width` is
 * what it takes on a large screen, CSS pixels: letters are as large as elsewhere.
 */
export function hoursChart(hours: readonly Hour[], width: number): HTMLElement {
  const top = ceiling(Math.max(1, ...hours.map(({ failures, successes }) => failures + successes)))
  const step = (width - LEFT) / Math.max(1, hours.length)
  const y = (value: number): number => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - 8) * value) / top
  const bar = (kind: string, i: number, from: number, to: number) => svg('rect', { class: kind, x: LEFT + i * step + step * 0.12, width: Math.max(0.5, step * 0.76), y: y(to), height: Math.max(0, y(from) - y(to)) })
  const every = Math.max(1, Math.ceil(hours.length / 7))
  const sum = (of: (hour: Hour) => number): number => hours.reduce((total, hour) => total + of(hour), 0)
  const worst = hours.reduce<Hour | undefined>((most, hour) => (hour.failures > (most?.failures ?? 0) ? hour : most), undefined)
  const label = `${number(sum(({ failures }) => failures))} failed and ${number(sum(({ successes }) => successes))} accepted logins over ${hours.length} hours${worst ? `; most failures, ${number(worst.failures)}, in the hour from ${worst.hour.slice(0, 16).replace('T', ' ')} UTC` : ''}.`
  const chart = svg(
    'svg',
    { viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img', 'aria-label': label, class: 'chart' },
    [0, top / 2, top].map((value) => [svg('line', { class: 'rule', x1: LEFT, x2: width, y1: y(value), y2: y(value) }), svg('text', { class: 'tick', x: LEFT - 8, y: y(value) + 4, 'text-anchor': 'end' }, number(value))]),
    hours.map(({ failures, successes }, i) => [bar('bar-failed', i, 0, failures), bar('bar-accepted', i, failures, failures + successes)]),
    hours.map(({ hour }, i) => (i % every === 0 ? svg('text', { class: 'tick', x: LEFT + i * step, y: HEIGHT - 6 }, hours.length > 48 ? hour.slice(5, 10) : hour.slice(11, 16)) : null)),
  )
  return h(
    'figure',
    { class: 'figure' },
    h('figcaption', {}, h('span', { class: 'key key-failed' }, 'failed'), h('span', { class: 'key key-accepted' }, 'accepted'), h('span', { class: 'soft' }, ' logins each hour, UTC')),
    chart,
    h('details', {}, h('summary', {}, 'As a table'), h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Logins each hour' }, h(
      'table', {},
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Hour (UTC)'), h('th', { scope: 'col', class: 'num' }, 'Failed'), h('th', { scope: 'col', class: 'num' }, 'Accepted'))),
      h('tbody', {}, hours.map(({ hour, failures, successes }) => h('tr', {}, h('th', { scope: 'row' }, hour.slice(0, 16).replace('T', ' ')), h('td', { class: 'num' }, number(failures)), h('td', { class: 'num' }, number(successes))))),
    ))),
  )
}

export interface Bar { readonly name: HTMLElement | string; readonly value: number; readonly note?: string }

/** Names with a bar and its number each: a table whose bars are only paint. */
export function bars(caption: string, unit: string, rows: readonly Bar[], format: (value: number) => string = number): HTMLElement {
  const most = Math.max(1e-9, ...rows.map(({ value }) => value))
  return h(
    'table',
    { class: 'bars' },
    h('caption', {}, caption),
    h('thead', { class: 'hidden' }, h('tr', {}, h('th', { scope: 'col' }, 'Name'), h('th', { scope: 'col' }, unit))),
    h('tbody', {}, rows.map(({ name, value, note }) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, h('span', { class: 'amount' }, format(value), note !== undefined && h('span', { class: 'soft' }, ` ${note}`)), h('span', { class: 'bar', vars: { '--share': String(value / most) } }))))),
  )
}
