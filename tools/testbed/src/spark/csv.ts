/** RFC 4180: rows of cells; a cell is null where it is empty and has no quotes. The header is the first row. */
export function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  let row: (string | null)[] = []
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex
    const found = cell.exec(text)
    if (found === null) throw new SyntaxError(`no CSV at character ${at}: ${text.slice(at, at + 40)}`)
    const [, quoted, bare, end] = found
    row.push(quoted === undefined ? bare || null : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}
