/** The cells of one row of RFC 4180, its line end taken off or not; null where a cell is empty and has no quotes. Throws SyntaxError. */
export function csvCells(row: string): (string | null)[] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n?$)/y
  const cells: (string | null)[] = []
  for (;;) {
    const at = cell.lastIndex
    const found = cell.exec(row)
    if (found === null) throw new SyntaxError(`no CSV at character ${at}: ${row.slice(at, at + 40)}`)
    const [, quoted, bare, end] = found
    cells.push(quoted === undefined ? bare || null : quoted.replaceAll('""', '"'))
    if (end !== ',') return cells
  }
}
