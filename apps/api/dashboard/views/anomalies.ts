import { type Anomalies, call } from '../api.ts'
import { h } from '../dom.ts'
import type { View } from '../page.ts'
import { anomalyList, badge, field, options } from '../parts.ts'
import { number, said } from '../text.ts'

const PAGE = 50
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const

/** Who is suspicious in a run, worst first. */
export const anomalies: View = async ({ query, go }, run = 'latest') => {
  const wanted = new URLSearchParams(['severity', 'kind', 'q', 'all', 'offset'].flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : [])))
  const found = await call<Anomalies>(`/api/runs/${run}/anomalies?limit=${PAGE}&${wanted.toString()}`)
  const offset = Number(wanted.get('offset') ?? 0)
  const at = (from: number): string => {
    const next = new URLSearchParams(wanted)
    next.set('offset', String(from))
    return `/runs/${run}/anomalies?${next.toString()}`
  }
  const severity = h('select', { name: 'severity' }, options([['', 'any'], ...SEVERITIES.slice(0, 4).map((word): [string, string] => [word, `${word} and above`])], wanted.get('severity') ?? ''))
  const kind = h('select', { name: 'kind' }, options([['', 'any'], ['address', 'address'], ['subnet', 'subnet'], ['user', 'user'], ['host', 'host']], wanted.get('kind') ?? ''))
  const q = h('input', { name: 'q', type: 'search', value: wanted.get('q') ?? '', autocomplete: 'off' })
  const all = h('input', { name: 'all', type: 'checkbox', value: 'true', checked: wanted.get('all') === 'true' })
  const submit = (event: Event): void => {
    event.preventDefault()
    const chosen = new FormData(event.currentTarget as HTMLFormElement)
    const next = new URLSearchParams()
    for (const [name, value] of chosen) if (typeof value === 'string' && value !== '') next.set(name, value)
    go(`/runs/${run}/anomalies?${next.toString()}`)
  }
  const form: HTMLFormElement = h('form', { class: 'form', role: 'search', onsubmit: submit, onchange: () => form.requestSubmit() }, field('Severity', severity), field('Kind', kind), field('Name contains', q), h('label', { class: 'check' }, all, ' also those not flagged'), h('button', { type: 'submit' }, 'Show'))
  return {
    title: 'Anomalies',
    content: [
      h('p', { class: 'eyebrow' }, h('a', { href: `/runs/${found.runId}` }, said(found.source))),
      h('h1', {}, `${number(found.total)} suspicious`),
      h('p', { class: 'tally' }, SEVERITIES.filter((word) => (found.counts[word] ?? 0) > 0).map((word) => h('span', {}, badge(word), ' ', number(found.counts[word] ?? 0)))),
      form,
      found.anomalies.length === 0 ? h('p', {}, 'Nobody fits.') : anomalyList(found.runId, found.anomalies),
      h('nav', { class: 'pages', 'aria-label': 'Pages of anomalies' }, offset > 0 && h('a', { href: at(Math.max(0, offset - PAGE)) }, 'Worse'), offset + PAGE < found.total && h('a', { href: at(offset + PAGE) }, 'Next')),
    ],
  }
}
