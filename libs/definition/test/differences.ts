/** The first few rows that differ, with the fields in which they do. */
export function differences(sql: readonly object[], parser: readonly object[]): unknown[] {
  const found: unknown[] = []
  for (let i = 0; i < Math.max(sql.length, parser.length) && found.length < 5; i++) {
    const left = new Map<string, unknown>(Object.entries(sql[i] ?? {}))
    const right = new Map<string, unknown>(Object.entries(parser[i] ?? {}))
    const fields = [...new Set([...left.keys(), ...right.keys()])].filter(name => !Object.is(left.get(name), right.get(name)))
    if (fields.length > 0) found.push({ parser: parser[i], differs: fields.map(name => [name, left.get(name), right.get(name)]) })
  }
  return found
}
