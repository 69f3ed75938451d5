import { globSync, readFileSync } from 'node:fs'

/** What a suite has written under its project's .results (apps/functions/test/figures.ts has the shape). */
interface Figures {
  readonly technique: string
  readonly size: string
  readonly seed: number | null
  readonly date: string
  readonly figures: Readonly<Record<string, number>>
  readonly seconds: number
}

/** From the least to the most that a suite does; a smaller run never replaces a bigger one's row. */
const SIZES = ['sample', 'moderate', 'full']
const BEGIN = '<!-- figures: made by npm run docs from the suites’ .results -->'
const END = '<!-- end of figures -->'
const HEAD = ['| technique | figures | size | seed | date | took |', '| --- | --- | --- | --- | --- | --- |']

const isFigures = (value: unknown): value is Figures => typeof value === 'object' && value !== null && 'technique' in value && 'figures' in value

/** The figures of all suites that have run in this checkout. */
export function readFigures(root: string): Figures[] {
  const files = globSync('{libs,apps,tools}/*/.results/*.json', { cwd: root }).sort()
  return files.map((file) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8')) as unknown).filter(isFigures)
}

const row = ({ technique, figures, size, seed, date, seconds }: Figures): string =>
  `| ${technique} | ${Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toLocaleString('en')}`)
    .join(', ')} | ${size} | ${seed ?? ''} | ${date} | ${seconds.toLocaleString('en')} s |`

const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim()).slice(1, -1)
const rank = (line: string): number => SIZES.indexOf(cells(line)[2] ?? '')

/** The page with its table brought up to date; rows of suites that have not run here stay. Throws where the page has no place for it. */
export function withFigures(page: string, found: readonly Figures[]): string {
  const [before = '', rest] = page.split(BEGIN)
  const [block = '', after] = (rest ?? '').split(END)
  if (after === undefined) throw new Error(`docs/reliability.md has no ${BEGIN} … ${END}`)
  const rows = new Map(block.split('\n').filter((line) => line.startsWith('| ') && !HEAD.includes(line)).map((line) => [cells(line)[0] ?? '', line]))
  for (const figures of found) {
    const old = rows.get(figures.technique)
    if (old === undefined || rank(row(figures)) >= rank(old)) rows.set(figures.technique, row(figures))
  }
  return [before, BEGIN, '\n', [...HEAD, ...rows.values()].join('\n'), '\n', END, after].join('')
}
