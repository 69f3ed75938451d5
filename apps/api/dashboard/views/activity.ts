import { call, type Row, type Table } from '../api.ts'
import { type Bar, bars, hoursChart } from '../charts.ts'
import { h } from '../dom.ts'
import type { View } from '../page.ts'
import { number, safeText, said } from '../text.ts'
import { hoursOf } from './hours.ts'

const TOP = 12

/** The largest of a column, without those that have none of it. */
const top = (rows: readonly Row[], name: string, column: string, note: (row: Row) => string): Bar[] =>
  rows.map((row) => ({ name: said(row[name] ?? '(none)', 'said entity'), value: Number(row[column]), note: `${note(row)}${hosts(rows) > 1 ? ` on ${safeText(row['host'] ?? '')}` : ''}` })).filter(({ value }) => value > 0)

const hosts = (rows: readonly Row[]): number => new Set(rows.map(({ host }) => host)).size
const counted = (value: string | null | undefined, one: string): string => `${number(Number(value))} ${one}${Number(value) === 1 ? '' : 's'}`

/** Charts of a run's gold tables. */
export const activity: View = async (_visit, run = 'latest') => {
  const table = (name: string, query: string) => call<Table>(`/api/runs/${run}/tables/${name}?${query}`)
  const [hours, failing, users, sessions] = await Promise.all([
    table('activity_by_hour', 'limit=2000'),
    table('activity_by_address', `sort=-failures&limit=${TOP}`),
    table('activity_by_user', `sort=-attempts&limit=${TOP}`),
    table('activity_by_address', `sort=-sessions&limit=${TOP}`),
  ])
  return {
    title: 'Activity',
    content: [
      h('p', { class: 'eyebrow' }, h('a', { href: `/runs/${hours.runId}` }, said(hours.source))),
      h('h1', {}, 'Activity'),
      h('section', {}, h('h2', {}, 'Logins over time'), hours.rows.length === 0 ? h('p', {}, 'No login was tried.') : hoursChart(hoursOf(hours.rows), 1150)),
      h('div', { class: 'columns' },
        h('section', {}, bars('Addresses with most failed logins', 'Failed logins', top(failing.rows, 'address', 'failures', ({ distinct_users }) => `for ${counted(distinct_users, 'user')}`))),
        h('section', {}, bars('Users tried most', 'Tries', top(users.rows, 'user', 'attempts', ({ successes }) => (Number(successes) > 0 ? `${number(Number(successes))} accepted` : '')))),
        h('section', {}, bars('Addresses with most sessions', 'Sessions', top(sessions.rows, 'address', 'sessions', ({ lines }) => counted(lines, 'line'))))),
    ],
  }
}
