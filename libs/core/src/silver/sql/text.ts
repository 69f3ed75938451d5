/**
 * Pieces of SQL in the subset that Spark and DuckDB read alike. Spark takes a quote or a backslash inside a literal in its own way,
 * so those are made by chr().
 */
export function lit(text: string): string {
  if (!/['\\]/.test(text)) return `'${text}'`
  const parts = text.split(/(['\\])/).filter(part => part !== '')
  return `concat(${parts.map(part => (part === `'` ? 'chr(39)' : part === '\\' ? 'chr(92)' : `'${part}'`)).join(', ')})`
}

export const litOrNull = (value: string | boolean | null | undefined): string =>
  value === null || value === undefined ? 'NULL' : typeof value === 'boolean' ? String(value) : lit(value)

/** A LIKE whose literals are joined by `%`. */
export function like(value: string, literals: readonly string[]): string {
  const escaped = literals.map(literal => literal.replace(/[%_!]/g, found => `!${found}`)).join('%')
  // The default escape differs, but only a backslash would show it; without an ESCAPE both engines have a faster LIKE.
  return escaped === literals.join('%') && !escaped.includes('\\') ? `${value} LIKE ${lit(escaped)}` : `${value} LIKE ${lit(escaped)} ESCAPE '!'`
}

/** White space that is ignored at the end of a message. */
export const trimEnd = (value: string): string => `trim(trailing concat(' ', chr(9), chr(13)) from ${value})`
export const trimSpaces = (value: string): string => `trim(leading ' ' from ${value})`
export const firstWord = (value: string): string => `split_part(${value}, ' ', 1)`

export const isDigits = (value: string, least: number, most: number): string =>
  `length(${value}) BETWEEN ${least} AND ${most} AND translate(${value}, '0123456789', '') = ''`

/** `value` with each digit as 0. */
export const shape = (value: string): string => `translate(${value}, '123456789', '000000000')`
export const int = (value: string): string => `try_cast(${value} AS INT)`
export const two = (value: string): string => `lpad(cast(cast(${value} AS INT) AS STRING), 2, '0')`

/**
 * The same value, but not by a deterministic expression: Spark must not push a filter on it down through the stages, for it would write
 * out each column by the columns below it, which grows without bound. (A bare `rand() < 0` Spark finds to be false.)
 */
export const barrier = (value: string): string => `CASE WHEN abs(rand()) < 0 THEN NULL ELSE ${value} END`

export interface Stage {
  readonly name: string
  /** Column → expression over the columns of the stage before, which it is named `p` in. All those before are kept. */
  readonly columns: Readonly<Record<string, string>>
}

/** Common table expressions, each adding columns to the one before. */
export const chain = (from: string, stages: readonly Stage[]): string =>
  stages
    .map(({ name, columns }, i) => {
      const list = Object.entries(columns).map(([column, expression]) => `  ${expression} AS ${column}`)
      return `${name} AS (\n  SELECT p.*,\n${list.map(line => `  ${line}`).join(',\n')}\n  FROM ${i === 0 ? from : (stages[i - 1] as Stage).name} p\n)`
    })
    .join(',\n')
