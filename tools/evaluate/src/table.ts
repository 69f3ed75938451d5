import type { Evaluation } from './evaluate.ts'
import type { Figures } from './figures.ts'

export type Row = readonly string[]
/** A table of text: the first row is its head. */
export interface Table {
  readonly title: string
  readonly rows: readonly Row[]
}

const ratio = (value: number | null): string => (value === null ? '–' : value.toFixed(3))

/** `85 s`, `12 min`, `7.5 h`, `2.1 d`. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–'
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`
  return `${(seconds / 86_400).toFixed(1)} d`
}

/** All tables of an evaluation, for a terminal and for docs/detection.md. */
export function tables({ judges }: Evaluation): Table[] {
  const [own] = judges
  if (own === undefined) return []
  const finders = judges.filter(({ all }) => all.incidents > 0)
  const rankers = judges.filter(({ all }) => all.auc !== null)
  const found = ({ found: n, incidents }: { found: number; incidents: number }): string => `${n}/${incidents}`
  return [
    {
      title: 'Attacks found, by class',
      rows: [
        ['class', 'attacks', ...finders.map(({ name }) => name)],
        ...own.all.classes.map((row, i) => [row.class, String(row.incidents), ...finders.map(({ all }) => ratio(all.classes[i]!.recall))]),
        ['all', String(own.all.incidents), ...finders.map(({ all }) => ratio(all.recall))],
      ],
    },
    {
      title: 'Precision, by class: of the entities named for the class or wrongly, those named for the class',
      rows: [
        ['class', ...finders.map(({ name }) => name)],
        ...own.all.classes.map((row, i) => [row.class, ...finders.map(({ all }) => ratio(all.classes[i]!.precision))]),
        ['all', ...finders.map(({ all }) => ratio(all.precision))],
      ],
    },
    {
      title: 'Median time from the first line of an attack to its detection, of those found',
      rows: [
        ['class', ...finders.map(({ name }) => name)],
        ...own.all.classes.map((row, i) => [row.class, ...finders.map(({ all }) => duration(all.classes[i]!.medianS))]),
      ],
    },
    {
      title: 'Who does no harm and was flagged all the same',
      rows: [
        ['class', ...finders.map(({ name }) => name)],
        ...own.all.harmless.map((row, i) => [row.class, ...finders.map(({ all }) => `${all.harmless[i]!.flagged}/${row.incidents}`)]),
        ['entities wrongly named', ...finders.map(({ all }) => String(all.wrong))],
      ],
    },
    {
      title: 'By mix',
      rows: [
        ['mix', 'measure', ...finders.map(({ name }) => name)],
        ...Object.keys(own.mixes).flatMap((mix) => {
          const of = (pick: (figures: Figures) => string): string[] => finders.map(({ mixes }) => pick(mixes[mix]!))
          return [[mix, 'attacks found', ...of(found)], ['', 'wrongly named', ...of(({ wrong }) => String(wrong))]]
        }),
      ],
    },
    {
      title: 'The score as a ranking of addresses',
      rows: [
        ['', ...rankers.map(({ name }) => name)],
        ['ROC-AUC', ...rankers.map(({ all }) => ratio(all.auc))],
        ['average precision', ...rankers.map(({ all }) => ratio(all.averagePrecision))],
        ...Object.keys(own.mixes).flatMap((mix) => [
          [`ROC-AUC, ${mix}`, ...rankers.map(({ mixes }) => ratio(mixes[mix]!.auc))],
          [`average precision, ${mix}`, ...rankers.map(({ mixes }) => ratio(mixes[mix]!.averagePrecision))],
        ]),
      ],
    },
    {
      title: 'What logpipe found it by',
      rows: [['rule', 'rightly named', 'wrongly named', 'precision'], ...own.all.rules.map(({ rule, right, wrong, precision }) => [rule, String(right), String(wrong), ratio(precision)])],
    },
  ]
}

export function asText({ title, rows }: Table): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: Row): string => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ').trimEnd()
  return [title, ...rows.map((row) => `  ${line(row)}`)].join('\n')
}

export function asMarkdown({ title, rows: [head = [], ...rows] }: Table): string {
  const line = (row: Row): string => `| ${row.join(' | ')} |`
  return [`### ${title}`, '', line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
