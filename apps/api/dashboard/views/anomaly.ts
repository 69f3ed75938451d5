import { type Anomaly, call, type Judgement } from '../api.ts'
import { bars } from '../charts.ts'
import { h } from '../dom.ts'
import type { View } from '../page.ts'
import { attempt, badge, field, options, technique } from '../parts.ts'
import { moment, number, said, title, words } from '../text.ts'

/** A person says that it is no matter, or known to be good; runs that start later heed it. */
function judgeForm({ entity, entity_kind }: Anomaly, done: () => void): HTMLElement {
  const kind = h('select', {}, options([['dismiss', 'dismiss: looked at, no matter'], ['allow', 'allow: known to be good']]))
  const reason = h('input', { type: 'text', required: true, minlength: 3, maxlength: 500 })
  const author = h('input', { type: 'text', required: true, maxlength: 100, autocomplete: 'name' })
  const days = h('input', { type: 'number', required: true, min: 1, max: 366, value: 30 })
  const button = h('button', { type: 'submit', class: 'primary' }, 'Say so')
  const submit = (event: Event): void => {
    event.preventDefault()
    void attempt(button, async () => {
      await call('/api/judgements', 'POST', { kind: kind.value, entity_kind, entity, days: Number(days.value), reason: reason.value, author: author.value })
      done()
      return 'Noted. Runs that start from now on heed it.'
    })
  }
  return h('details', {}, h('summary', {}, 'Dismiss or allow'), h('form', { class: 'form', onsubmit: submit }, field('Judgement', kind), field('Reason', reason), field('Your name', author), field('For days', days), button))
}

/** All that a run says of one entity. */
export const anomaly: View = async ({ path, control, go }, run = 'latest', wanted = '1') => {
  const { runId, source, anomaly: found, judgements } = await call<{ runId: string; source: string; anomaly: Anomaly; judgements: Judgement[] }>(`/api/runs/${run}/anomalies/${wanted}`)
  const telling = found.contributions.filter(({ share }) => share > 0.0005).toSorted((a, b) => b.share - a.share)
  const again = (): void => go(path)
  const back = () => call('/api/judgements', 'DELETE', { entity: found.entity }).then(() => (again(), 'Taken back.'))
  return {
    title: found.entity,
    content: [
      h('p', { class: 'eyebrow' }, h('a', { href: `/runs/${runId}/anomalies` }, 'Anomalies'), ' / ', said(source)),
      h('h1', {}, said(found.entity)),
      h('p', { class: 'tally' }, badge(found.severity), found.rank !== null && h('span', {}, `rank ${number(found.rank)}`), h('span', { class: 'soft' }, found.entity_kind, found.host === '' ? '' : ' on ', found.host === '' ? '' : said(found.host)), !found.flagged && h('span', { class: 'soft' }, 'not flagged')),
      h('p', { class: 'why large' }, said(found.why)),
      h('dl', { class: 'facts' }, h('div', {}, h('dt', {}, 'Seen'), h('dd', {}, moment(found.window_start), ' to ', moment(found.window_end), ' UTC')), found.score !== null && h('div', {}, h('dt', {}, 'Score'), h('dd', {}, `${found.score.toFixed(2)} nats`)), found.agreement !== null && h('div', {}, h('dt', {}, 'Found by'), h('dd', {}, found.agreement === 'both' ? 'model and detections' : found.agreement))),
      found.detections.length > 0 && h('section', {}, h('h2', {}, 'Detections'), h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Detections' }, h('table', {},
        h('thead', {}, h('tr', {}, ['Detection', 'Severity', 'ATT&CK'].map((name) => h('th', { scope: 'col' }, name)), ['Observed', 'Fires at', 'Lines'].map((name) => h('th', { scope: 'col', class: 'num' }, name)))),
        h('tbody', {}, found.detections.map((hit) => h('tr', {}, h('th', { scope: 'row' }, title(hit.id)), h('td', {}, badge(hit.severity)), h('td', {}, technique(hit.technique)), h('td', { class: 'num' }, number(hit.observed)), h('td', { class: 'num' }, number(hit.threshold)), h('td', { class: 'num' }, `${number(hit.first_line)}–${number(hit.last_line)}`))))))),
      telling.length > 0 && h('section', {}, bars('What the score is made of', 'Share of the score', telling.map(({ feature, value, share, tail_probability: tail }) => ({ name: title(words(feature)), value: share, note: `${number(value)}; ${(100 * tail).toPrecision(2)} % of addresses have as much` })), (share) => `${(100 * share).toFixed(0)} %`)),
      found.evidence.length > 0 && h('section', {}, h('h2', {}, 'Evidence'), h('p', { class: 'soft' }, 'Lines of the log as they were, control characters made visible.'), h('ol', { class: 'lines', tabindex: 0, 'aria-label': 'Evidence lines' }, found.evidence.map(({ line_no: line, raw }) => h('li', {}, h('span', { class: 'line-no' }, h('span', { class: 'hidden' }, 'Line '), number(line)), said(raw, 'raw'))))),
      h('section', {}, h('h2', {}, 'What people say of it'), judgements.length === 0 ? h('p', { class: 'soft' }, 'Nothing yet.') : h('ul', { class: 'plain' }, judgements.map(({ kind, until, reason, author }) => h('li', {}, badge(kind), ' ', said(reason), h('span', { class: 'soft' }, ' by ', said(author), ' until ', moment(until))))), control && judgements.length > 0 && h('p', {}, h('button', { type: 'button', onclick: (event) => void attempt(event.currentTarget as HTMLButtonElement, back) }, 'Take back')), control && judgeForm(found, again)),
    ].filter((node) => node instanceof Node),
  }
}
