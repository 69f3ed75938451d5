import type { Run, Stage } from '../api.ts'
import { h } from '../dom.ts'
import { badge } from '../parts.ts'
import { number, said, seconds, words } from '../text.ts'

const countsOf = ({ counts }: Stage): string => Object.entries(counts).filter(([, value]) => value !== 0).map(([name, value]) => `${number(value)} ${words(name)}`).join(', ')

/** The stages on the run's own time axis: when each began, how long it took, what it counted. */
export function timeline({ stages, startedAt }: Run): HTMLElement {
  const ends = stages.map(({ endedAt }) => (endedAt === null ? 0 : Date.parse(endedAt)))
  const begin = Date.parse(startedAt ?? '') || 0
  const running = stages.some(({ status }) => status === 'running')
  const span = Math.max(1, (running ? Date.now() : Math.max(...ends)) - begin)
  return h('ol', { class: 'stages' }, stages.map((stage) => {
    const from = stage.startedAt === null ? null : Date.parse(stage.startedAt)
    const to = stage.endedAt === null ? Date.now() : Date.parse(stage.endedAt)
    const bar = from === null ? null : h('span', { class: `span ${stage.status}`, vars: { '--from': String(Math.max(0, (from - begin) / span)), '--for': String(Math.max(0.004, (to - from) / span)) } })
    return h('li', {},
      h('span', { class: 'stage' }, stage.name),
      badge(stage.status),
      h('span', { class: 'axis', 'aria-hidden': 'true' }, bar),
      h('span', { class: 'num took' }, from === null || stage.status === 'pending' ? '' : seconds(to - from)),
      h('p', { class: 'soft' }, stage.error !== null ? said(`${stage.error.code}: ${stage.error.cause}`) : countsOf(stage), stage.attempts > 1 && ` · attempt ${stage.attempts}`))
  }))
}
