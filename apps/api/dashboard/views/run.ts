import { call, listen, type Run, type RunView } from '../api.ts'
import { h } from '../dom.ts'
import type { View, Visit } from '../page.ts'
import { action, attempt, badge, fault, field, options } from '../parts.ts'
import { bytes, moment, number, said, seconds } from '../text.ts'
import { flow } from './flow.ts'
import { timeline } from './timeline.ts'

const ENDED = new Set(['succeeded', 'degraded', 'failed', 'cancelled', 'superseded', 'duplicate'])
const STAGES = ['bronze', 'silver', 'gold', 'ml', 'validate', 'publish', 'learn', 'services']

/** What a person can do with the run as it stands. */
function controls({ runId, status }: Run, { control, go }: Visit): HTMLElement | null {
  if (!control) return null
  const next = async (what: string, body?: object): Promise<string> => {
    const { runId: made } = await call<{ runId: string }>(`/api/runs/${runId}/${what}`, 'POST', body ?? {})
    go(`/runs/${made}`)
    return `Run ${made} is admitted.`
  }
  if (!ENDED.has(status)) {
    const cancel = () => call(`/api/runs/${runId}/cancel`, 'POST', {}).then(() => 'The run will end as cancelled, unless it is published already.')
    return h('div', { class: 'controls' }, action('Cancel', cancel, 'danger'))
  }
  const from = h('select', {}, options(STAGES.slice(0, 5).map((name) => [name, name])))
  const button = h('button', { type: 'submit' }, 'Rerun')
  const rerun = (event: Event): void => {
    event.preventDefault()
    void attempt(button, () => next('rerun', { from: from.value }))
  }
  const retry = ['failed', 'cancelled', 'degraded'].includes(status) ? action('Retry where it stopped', () => next('retry'), 'primary') : null
  return h('div', { class: 'controls' }, retry, h('form', { class: 'inline', onsubmit: rerun }, field('from', from), button))
}

function facts({ record, report, published }: RunView): HTMLElement {
  const rows: [string, (Node | string)[]][] = [
    ['Source', [`${record.source.container}/`, said(record.source.name), ` · ${bytes(record.source.bytes)}`]],
    ['Started by', [record.trigger]],
    ['Time zone', [record.params.timezone, ...(record.params.timezoneAssumed ? [' (assumed)'] : [])]],
    ['Baseline model', record.pinned?.model ? [h('a', { href: '/model' }, record.pinned.model.version)] : ['none']],
    ...(record.plan?.of ? [['Rerun of', [h('a', { href: `/runs/${record.plan.of}` }, record.plan.of), ` from ${record.plan.from}`]] as [string, (Node | string)[]]] : []),
    ...(report ? [['Engine', [report.engine.name, ` on ${report.target}: ${report.engine.why}`]] as [string, (Node | string)[]]] : []),
    ['Visible to readers', [published ? 'yes' : 'no']],
  ]
  return h('dl', { class: 'facts' }, rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))))
}

function ending({ report }: RunView): HTMLElement | null {
  if (report === null) return null
  const failed = report.checks.filter(({ ok }) => !ok)
  return h('div', {},
    report.warnings.length > 0 && h('section', {}, h('h2', {}, 'Warnings'), h('ul', { class: 'plain' }, report.warnings.map(({ code, text }) => h('li', {}, h('code', {}, code), ' ', text)))),
    h('section', {}, h('h2', {}, 'Checks'), h('p', {}, failed.length === 0 ? `All ${report.checks.length} checks held.` : `${failed.length} of ${report.checks.length} checks failed.`),
      h('details', {}, h('summary', {}, 'What was checked'), h('ul', { class: 'plain' }, report.checks.map(({ id, ok, seen }) => h('li', {}, badge(ok ? 'held' : 'failed'), ' ', h('code', {}, id), ' ', said(seen)))))),
    report.services.length > 0 && h('section', {}, h('h2', {}, 'Services'), h('ul', { class: 'plain' }, report.services.map(({ name, url, state, detail }) => h('li', {}, badge(state), ' ', url !== null && /^https?:\/\//.test(url) ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, name) : name, ' ', h('span', { class: 'soft' }, said(detail)))))))
}

const took = ({ startedAt, endedAt }: Run): string => (startedAt !== null && endedAt !== null ? ` in ${seconds(Date.parse(endedAt) - Date.parse(startedAt))}` : '')

/** One run: live until its end, then all it left. */
export const run: View = async (visit, wanted = 'latest') => {
  let view = await call<RunView>(`/api/runs/${wanted}`)
  const { runId, slug } = view.record
  const head = h('div', { class: 'head' })
  const body = h('div', {})
  const stages = h('div', {})
  let shown = ''
  const show = (): void => {
    const { record } = view
    // Only when it changes: a button that is in use keeps the focus.
    if (shown !== record.status) head.replaceChildren(h('p', {}, badge(record.status), took(record), ' · ', moment(record.queuedAt), ' UTC'), controls(record, visit) ?? '')
    shown = record.status
    stages.replaceChildren(timeline(record))
    const data = view.report?.artifacts.some(({ output }) => output === 'anomalies') === true
    body.replaceChildren(
      ...[
        record.error !== null && fault(record.error),
        data && h('p', { class: 'links' }, h('a', { href: `/runs/${runId}/anomalies` }, `${number(view.report?.summary.flagged ?? 0)} suspicious`), h('a', { href: `/runs/${runId}/activity` }, 'Activity')),
        h('section', {}, h('h2', {}, 'What became of the lines'), flow(view)),
        h('section', {}, h('h2', {}, 'Stages'), stages),
        ending(view),
        h('section', {}, h('h2', {}, 'Facts'), facts(view)),
      ].filter((node) => node instanceof Node),
    )
  }
  show()
  const update = async (data: unknown): Promise<void> => {
    view = { ...view, record: data as Run }
    if (ENDED.has(view.record.status)) {
      stop()
      view = await call<RunView>(`/api/runs/${runId}`).catch(() => view)
      // The report is written after the record's last word.
      for (let i = 0; view.report === null && i < 20; i += 1) {
        await new Promise((later) => setTimeout(later, 500))
        view = await call<RunView>(`/api/runs/${runId}`).catch(() => view)
      }
    }
    show()
  }
  const stop = ENDED.has(view.record.status) ? () => undefined : follow()
  function follow(): () => void {
    const ends = listen(`/api/runs/${runId}/events`, { run: (data) => void update(data) })
    const ticking = setInterval(() => stages.replaceChildren(timeline(view.record)), 1000)
    return () => {
      ends()
      clearInterval(ticking)
    }
  }
  return { title: view.record.source.name, leave: () => stop(), content: [h('p', { class: 'eyebrow' }, h('a', { href: '/runs' }, 'Runs'), ' / ', slug), h('h1', { class: 'id' }, runId), head, body] }
}
