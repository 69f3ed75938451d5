import type { Case, Compared, PerLine } from './summary.ts'
import type { Environment } from './environment.ts'
import type { Spread } from './statistics.ts'

/** The whole report as Markdown: the machine, each size against the limit, the layers one by one, and the cost of a line. */
export function report(environment: Environment, cases: readonly Case[], lines: readonly PerLine[]): string {
  const { date, cpu, cores, memoryBytes, system, node, duckdb } = environment
  return [
    `${date.slice(0, 10)}, ${cpu}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, ${system}, Node ${node}, DuckDB ${duckdb}.`,
    'Median (min–max). × is layers ÷ limit, pair by pair; the limit is DuckDB reading the file as lines into one Parquet column.',
    '',
    table(
      ['lines', 'threads', 'what', 'limit', 'layers', '×'],
      cases.flatMap((one) => [
        [count(one.lines), String(one.threads), 'CPU, s', ...compared(one.cpuMs, seconds)],
        [count(one.lines), String(one.threads), 'wall, s', ...compared(one.wallMs, seconds)],
        [count(one.lines), String(one.threads), 'peak RSS, MiB', ...compared(one.peakRssBytes, mebibytes)],
      ]),
    ),
    '',
    table(
      ['lines', 'threads', 'layer', 'CPU, s', 'wall, s'],
      cases.flatMap((one) => one.split.map(({ name, cpuMs, wallMs }) => [count(one.lines), String(one.threads), name, range(cpuMs, seconds), range(wallMs, seconds)])),
    ),
    '',
    table(
      ['lines', 'threads', 'CPU a line, µs', 'against the base'],
      lines.map((one) => [count(one.lines), String(one.threads), one.cpuMicros.toFixed(2), one.toBase.toFixed(2)]),
    ),
    '',
  ].join('\n')
}

function compared({ limit, layers, times }: Compared, unit: (value: number) => string): string[] {
  return [range(limit, unit), range(layers, unit), range(times, (value) => value.toFixed(1))]
}

function range({ median, min, max }: Spread, unit: (value: number) => string): string {
  return `${unit(median)} (${unit(min)}–${unit(max)})`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}

function count(lines: number): string {
  return lines.toLocaleString('en-US')
}

/** Columns are padded, so that it reads well on a terminal too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
