import { Schema } from '@logpipe/core'

/** A schema as it was published. `breaking` says why this version is not compatible with the one before, and what a reader has to do. */
export const PublishedSchema = Schema.extend({ breaking: Schema.shape.name.min(20).optional() })
export type PublishedSchema = ReturnType<typeof PublishedSchema.parse>

const without = ({ breaking: _, ...schema }: PublishedSchema): Schema => schema
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What keeps a reader of `before` from reading `after`. */
function incompatibilities(before: Schema, after: Schema): string[] {
  const faults: string[] = []
  before.columns.forEach((column, i) => {
    const now = after.columns[i]
    if (now?.name !== column.name) faults.push(`column ${i + 1} was ${column.name} and is ${now?.name ?? 'gone'}`)
    else if (now.type !== column.type) faults.push(`${column.name} was ${column.type} and is ${now.type}`)
    else if (now.nullable !== column.nullable) faults.push(`${column.name} ${now.nullable ? 'may be null now' : 'may not be null any more'}`)
  })
  for (const { name, nullable } of after.columns.slice(before.columns.length)) if (!nullable) faults.push(`the new column ${name} is not nullable`)
  return faults
}

/**
 * Holds a schema against its published versions, which are given in order: what was published stays as it was, and a version adds nullable
 * columns at the end or says that it breaks.
 */
export function versionFaults(current: Schema, published: readonly PublishedSchema[]): string[] {
  const faults: string[] = []
  published.forEach((version, i) => {
    if (version.version !== i + 1) faults.push(`published version ${i + 1} is missing`)
    const before = published[i - 1]
    if (before === undefined || version.breaking !== undefined) return
    faults.push(...incompatibilities(before, version).map((fault) => `version ${version.version} breaks readers of ${before.version}: ${fault}`))
  })
  const last = published.at(-1)
  if (last?.version !== current.version) faults.push(`version ${current.version} is not published; the last one is ${last?.version ?? 'none'}`)
  else if (!same(current, without(last))) faults.push(`version ${current.version} is not what was published under that number`)
  return faults
}
