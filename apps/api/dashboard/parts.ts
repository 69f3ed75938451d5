import { ApiError, type Fault, type Listed } from './api.ts'
import { h, tell } from './dom.ts'
import { said } from './text.ts'

/** Severity and status are always words; colour only repeats them. */
export const badge = (word: string): HTMLElement => h('span', { class: `badge ${word}` }, word)

export const fault = ({ code, message, cause, fix }: Fault): HTMLElement =>
  h('div', { class: 'fault' }, h('p', {}, h('strong', {}, message), ' ', h('code', {}, code)), h('p', {}, said(cause)), h('p', {}, 'What mends it: ', said(fix)))

export const loading = (): HTMLElement => h('p', { class: 'soft' }, 'Loading …')

/** `T1110.001` → its page at MITRE. */
export const technique = (id: string): HTMLElement =>
  /^T\d{4}(\.\d{3})?$/.test(id)
    ? h('a', { href: `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`, target: '_blank', rel: 'noopener noreferrer' }, h('span', { class: 'hidden' }, 'ATT&CK technique '), id)
    : said(id)

export const anomalyHref = (run: string, { number }: Listed): string => `/runs/${run}/anomalies/${number}`

/** Anomalies, worst first, each a link to all that is known of it. */
export const anomalyList = (run: string, anomalies: readonly Listed[]): HTMLElement =>
  h('ol', { class: 'anomalies' }, anomalies.map((anomaly) => h(
    'li', {},
    h('span', { class: 'rank' }, anomaly.rank === null ? '' : h('span', { class: 'hidden' }, 'Rank '), anomaly.rank ?? '–'),
    badge(anomaly.severity),
    h('div', {},
      h('a', { class: 'entity', href: anomalyHref(run, anomaly) }, said(anomaly.entity)),
      anomaly.entity_kind !== 'address' && h('span', { class: 'soft' }, ` ${anomaly.entity_kind}`),
      h('p', { class: 'why' }, said(anomaly.why))),
  )))

/** A button that asks for something, says how it went, and cannot be pressed twice. */
export function action(label: string, work: () => Promise<string>, kind = ''): HTMLButtonElement {
  const button: HTMLButtonElement = h('button', { type: 'button', class: kind, onclick: () => void attempt(button, work) }, label)
  return button
}

export async function attempt(button: HTMLButtonElement, work: () => Promise<string>): Promise<void> {
  button.disabled = true
  try {
    tell(await work())
  } catch (error) {
    tell(error instanceof ApiError ? `${error.message} ${error.fault.fix}.` : String(error))
  } finally {
    button.disabled = false
  }
}

export const field = (label: string, control: HTMLElement, hint?: string): HTMLElement => h('label', { class: 'field' }, h('span', {}, label), control, hint !== undefined && h('small', {}, hint))

export const options = (values: readonly (readonly [string, string])[], chosen = ''): HTMLElement[] => values.map(([value, label]) => h('option', { value, selected: value === chosen }, label))
