import type { Artifact, RunView, Stage } from '../api.ts'
import { h } from '../dom.ts'
import { bytes, number, words } from '../text.ts'

const LAYERS = [
  { name: 'bronze', counts: [['lines', 'lines']] },
  { name: 'silver', counts: [['parsed', 'events'], ['quarantined', 'quarantined']] },
  { name: 'gold', counts: [['activity_by_address', 'addresses'], ['detections', 'detections']] },
  { name: 'ml', counts: [['entities', 'scored'], ['flagged', 'flagged']] },
] as const

/** A part's layer: gold and ml share a container. */
const layerOf = ({ container, name }: Artifact): string => (/\/ml\/[^/]+$/.test(name) ? 'ml' : container)

const file = (runId: string, { output, bytes: size, sha256, rows, name }: Artifact): HTMLElement =>
  h('li', {},
    h('a', { href: `/api/runs/${runId}/files/${output}`, download: true }, name.split('/').at(-1) ?? output),
    h('span', { class: 'soft' }, ` ${rows === null ? '' : `${number(rows)} rows, `}${bytes(size)}`),
    h('code', { class: 'hash' }, h('span', { class: 'hidden' }, 'sha256 '), sha256))

/** Source → bronze → silver, with what was quarantined beside it → gold → ML: counts, and every file with its hash. */
export function flow({ record, report }: RunView): HTMLElement {
  const stageOf = (name: string): Stage | undefined => record.stages.find((stage) => stage.name === name)
  const source = h('li', { class: 'step' }, h('h3', {}, 'source'), h('p', { class: 'count' }, bytes(record.source.bytes)), h('p', { class: 'soft' }, 'as it was dropped'))
  const steps = LAYERS.map(({ name, counts }) => {
    const stage = stageOf(name)
    const files = report?.artifacts.filter((artifact) => layerOf(artifact) === name) ?? []
    const [[main, unit], second] = counts
    const known = stage !== undefined && main in stage.counts
    return h('li', { class: `step ${known ? '' : 'later'}` },
      h('h3', {}, name),
      h('p', { class: 'count' }, known ? number(stage.counts[main] ?? 0) : '–', ' ', h('small', {}, unit)),
      second !== undefined && known && h('p', { class: second[0] === 'quarantined' || second[0] === 'flagged' ? 'beside' : '' }, number(stage.counts[second[0]] ?? 0), ' ', words(second[1])),
      files.length > 0 && h('details', {}, h('summary', {}, `${files.length} ${files.length === 1 ? 'file' : 'files'}`), h('ul', { class: 'files' }, files.map((artifact) => file(record.runId, artifact)))))
  })
  return h('ol', { class: 'flow' }, source, steps)
}
