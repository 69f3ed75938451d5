import { type Anomalies, call, listen, type Run, type RunView, type Table } from '../api.ts'
import { hoursChart } from '../charts.ts'
import { h } from '../dom.ts'
import type { View } from '../page.ts'
import { anomalyList, badge } from '../parts.ts'
import { bytes, moment, number, said } from '../text.ts'
import { hoursOf } from './hours.ts'
import { runRows } from './runs.ts'

const figure = (label: string, value: number, kind = ''): HTMLElement => h('div', { class: kind }, h('dt', {}, label), h('dd', {}, number(value)))

/** What was published last, at a glance. */
export const overview: View = async () => {
  const { record, report } = await call<RunView>('/api/runs/latest')
  const [found, hours, { runs }] = await Promise.all([
    call<Anomalies>(`/api/runs/${record.runId}/anomalies?limit=6`),
    call<Table>(`/api/runs/${record.runId}/tables/activity_by_hour?limit=2000`),
    call<{ runs: Run[] }>('/api/runs?limit=5'),
  ])
  const summary = report?.summary
  const recent = h('div', {}, runRows(runs))
  const leave = listen('/api/events', { runs: () => void call<{ runs: Run[] }>('/api/runs?limit=5').then((now) => recent.replaceChildren(runRows(now.runs)), () => undefined) })
  return {
    title: 'Overview',
    leave,
    content: [
      h('header', { class: 'lead' }, h('p', { class: 'eyebrow' }, 'Published last'), h('h1', {}, said(record.source.name)), h('p', { class: 'soft' }, badge(record.status), ' ', record.endedAt !== null && moment(record.endedAt), ' UTC · ', bytes(record.source.bytes), ' · ', h('a', { href: `/runs/${record.runId}` }, 'the run'))),
      summary && h('dl', { class: 'figures' }, figure('suspicious', summary.flagged, 'first'), figure('failed logins', summary.failedLogins), figure('accepted logins', summary.acceptedLogins), figure('lines', summary.lines), figure('quarantined', summary.quarantined)),
      h('div', { class: 'columns' },
        h('section', {}, h('h2', {}, 'Who is suspicious'), found.total === 0 ? h('p', {}, 'Nobody.') : anomalyList(record.runId, found.anomalies), found.total > found.anomalies.length && h('p', {}, h('a', { href: `/runs/${record.runId}/anomalies` }, `All ${number(found.total)}`))),
        h('div', {}, h('section', {}, h('h2', {}, 'Logins'), hoursChart(hoursOf(hours.rows), 560), h('p', {}, h('a', { href: `/runs/${record.runId}/activity` }, 'Addresses, users and sessions'))), h('section', {}, h('h2', {}, 'Latest runs'), recent))),
    ].filter((node) => node instanceof Node),
  }
}
