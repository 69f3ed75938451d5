import { call, listen, type Run } from '../api.ts'
import { h } from '../dom.ts'
import type { View } from '../page.ts'
import { attempt, badge, field, options } from '../parts.ts'
import { moment, number, said, seconds } from '../text.ts'

const PAGE = 25
const STATUSES = ['running', 'queued', 'succeeded', 'degraded', 'failed', 'cancelled', 'duplicate', 'superseded']

const doing = ({ status, stages, startedAt, endedAt }: Run): string => {
  if (startedAt !== null && endedAt !== null) return seconds(Date.parse(endedAt) - Date.parse(startedAt))
  return status === 'running' ? (stages.find((stage) => stage.status === 'running')?.name ?? '') : ''
}

export const runRows = (runs: readonly Run[]): HTMLElement =>
  runs.length === 0
    ? h('p', {}, 'No runs yet.')
    : h('ul', { class: 'runs' }, runs.map((run) => h('li', {}, h('a', { href: `/runs/${run.runId}` }, said(run.source.name)), badge(run.status), h('span', { class: 'soft' }, moment(run.queuedAt)), h('span', { class: 'soft num' }, doing(run)), run.error !== null && h('p', { class: 'why' }, said(run.error.cause)))))

/** Starts a run of a log that is chosen here, or of a blob that is in bronze already. */
function startForm(go: (href: string) => void): HTMLElement {
  const file = h('input', { type: 'file' })
  const name = h('input', { type: 'text', autocomplete: 'off', placeholder: 'hosts/web-1/auth.log' })
  const button = h('button', { type: 'submit', class: 'primary' }, 'Start a run')
  const submit = (event: Event): void => {
    event.preventDefault()
    void attempt(button, async () => {
      const chosen = file.files?.[0]
      const named = name.value.trim()
      const { runId } = chosen
        ? await call<{ runId: string }>(`/api/runs?name=${encodeURIComponent(named || chosen.name)}`, 'POST', await chosen.text())
        : await call<{ runId: string }>('/api/runs', 'POST', { name: named })
      go(`/runs/${runId}`)
      return `Run ${runId} is admitted.`
    })
  }
  return h('details', {}, h('summary', {}, 'Start a run'), h('form', { class: 'form', onsubmit: submit }, field('Log file', file, 'Up to 8 MB; larger ones: npx logpipe upload FILE'), field('Name in bronze', name, 'Alone: a blob that is there already'), button))
}

/** All runs, live. */
export const runs: View = async ({ query, control, go }) => {
  const offset = Math.max(0, Number(query.get('offset') ?? 0) || 0)
  const status = query.get('status') ?? ''
  const here = (at: number, of: string): string => `/runs?${new URLSearchParams({ ...(at > 0 ? { offset: String(at) } : {}), ...(of === '' ? {} : { status: of }) }).toString()}`
  const load = () => call<{ runs: Run[]; total: number; counts: Record<string, number> }>(`/api${here(offset, status)}&limit=${PAGE}`)
  const list = h('div', { 'aria-live': 'off' })
  const pages = h('nav', { class: 'pages', 'aria-label': 'Pages of runs' })
  const show = ({ runs: found, total }: Awaited<ReturnType<typeof load>>): void => {
    list.replaceChildren(runRows(found))
    pages.replaceChildren(
      ...(offset > 0 ? [h('a', { href: here(Math.max(0, offset - PAGE), status) }, 'Newer')] : []),
      h('span', { class: 'soft' }, total === 0 ? '' : `${number(offset + 1)} to ${number(Math.min(total, offset + PAGE))} of ${number(total)}`),
      ...(offset + PAGE < total ? [h('a', { href: here(offset + PAGE, status) }, 'Older')] : []),
    )
  }
  const first = await load()
  show(first)
  const choice = h('select', { onchange: (event) => go(here(0, (event.target as HTMLSelectElement).value)) }, options([['', 'All'], ...STATUSES.map((of): [string, string] => [of, `${of} ${number(first.counts[of] ?? 0)}`])], status))
  return {
    title: 'Runs',
    leave: listen('/api/events', { runs: () => void load().then(show, () => undefined) }),
    content: [h('h1', {}, 'Runs'), h('div', { class: 'tools' }, field('Status', choice), control && startForm(go)), list, pages],
  }
}
