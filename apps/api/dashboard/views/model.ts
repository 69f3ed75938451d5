import { call } from '../api.ts'
import { h } from '../dom.ts'
import type { View } from '../page.ts'
import { attempt, badge, field, technique } from '../parts.ts'
import { moment, number, said } from '../text.ts'

interface Models { readonly current: string | null; readonly held: boolean; readonly versions: readonly { readonly version: string; readonly createdAt: string; readonly entities: number; readonly parts: number }[] }
interface Scored {
  readonly model: string
  readonly lines: readonly { readonly event: Readonly<Record<string, string | number | boolean | null>> | null; readonly quarantine: string | null; readonly detections: readonly { readonly title: string; readonly technique: string; readonly severity: string }[] }[]
  readonly scores: readonly { readonly address: string; readonly host: string; readonly score: number; readonly flagged: boolean }[]
}

const SHOWN = ['time', 'host', 'event', 'outcome', 'user', 'address', 'port', 'method']
const SAMPLE = 'Jan  5 10:00:00 web-1 sshd[7]: Failed password for invalid user oracle from 192.0.2.7 port 50022 ssh2'

const shown = ({ lines, scores, model }: Scored): HTMLElement =>
  h('div', {},
    h('p', { class: 'soft' }, 'Read and scored with ', h('code', {}, model)),
    lines.map(({ event, quarantine, detections }) => h('dl', { class: 'facts compact' },
      event === null ? h('div', {}, h('dt', {}, 'quarantined'), h('dd', {}, quarantine ?? '')) : SHOWN.map((name) => h('div', {}, h('dt', {}, name), h('dd', {}, event[name] === null || event[name] === undefined ? '–' : said(String(event[name]))))),
      detections.map(({ title, technique: id, severity }) => h('div', {}, h('dt', {}, badge(severity)), h('dd', {}, title, ' ', technique(id)))))),
    scores.length > 0 && h('ul', { class: 'plain' }, scores.map(({ address, score, flagged }) => h('li', {}, said(address, 'said entity'), ` ${score.toFixed(2)} nats `, flagged && badge('flagged')))))

/** Versions of the model, and lines to try it on. */
export const model: View = async () => {
  const { current, held, versions } = await call<Models>('/api/models')
  const lines = h('textarea', { rows: 4, spellcheck: 'false', required: true }, SAMPLE)
  const button = h('button', { type: 'submit', class: 'primary' }, 'Score')
  const result = h('div', { 'aria-live': 'polite' })
  const submit = (event: Event): void => {
    event.preventDefault()
    void attempt(button, async () => {
      const scored = await call<Scored>('/score', 'POST', { lines: lines.value.split('\n').filter((line) => line !== '') })
      result.replaceChildren(shown(scored))
      return `${scored.lines.length} lines scored.`
    })
  }
  return {
    title: 'Model',
    content: [
      h('h1', {}, 'Model'),
      h('section', {}, h('h2', {}, 'Try some lines'), h('form', { class: 'stack', onsubmit: submit }, field('Log lines', lines, 'One line alone tells little: most detections need a window'), button), result),
      h('section', {}, h('h2', {}, 'Versions'), versions.length === 0 ? h('p', {}, 'Nothing was learnt yet.') : h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Versions' }, h('table', {},
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Version'), h('th', { scope: 'col' }, 'Made (UTC)'), h('th', { scope: 'col', class: 'num' }, 'Addresses'), h('th', { scope: 'col', class: 'num' }, 'Sources'))),
        h('tbody', {}, versions.map(({ version, createdAt, entities, parts }) => h('tr', {}, h('th', { scope: 'row' }, h('code', {}, version), ' ', version === current && badge(held ? 'held' : 'current')), h('td', {}, moment(createdAt)), h('td', { class: 'num' }, number(entities)), h('td', { class: 'num' }, number(parts)))))))),
    ],
  }
}
