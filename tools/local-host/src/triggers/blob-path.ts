import { HostError } from '../errors.ts'
import { setting } from '../settings/host-json.ts'

/** A blob trigger's path, such as `bronze/{name}` or `in/{day}/{name}.log`. */
export interface BlobPath {
  container: string
  /** The literal text before the first hole: what to list. */
  prefix: string
  /** The values of the holes for a blob name, or undefined where it does not match. */
  match(name: string): Record<string, string> | undefined
}

/** Runs of this pipeline write below this first segment, in any container; the Event Grid subscription leaves it out in the same way. */
export const ownSegment = '_runs/'

export function parseBlobPath(functionName: string, text: string): BlobPath {
  const path = setting(text)
  const slash = path.indexOf('/')
  const invalid = (detail: string): HostError => new HostError('HOST_SETTING_INVALID', { setting: `path of ${functionName}`, detail: `"${path}" ${detail}` })
  if (slash <= 0) throw invalid('has no "container/pattern"')
  const pattern = path.slice(slash + 1)
  const parts = pattern.split(/\{(\w+)\}/)
  if (parts.some((part, index) => index % 2 === 0 && /[{}]/.test(part))) throw invalid('has a brace that is no {name}')
  const holes = parts.filter((_, index) => index % 2 === 1)
  if (new Set(holes).size !== holes.length) throw invalid('names a hole twice')
  const source = parts.map((part, index) => (index % 2 === 1 ? `(?<${part}>.+)` : part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))).join('')
  const expression = new RegExp(`^${source}$`, 's')
  return {
    container: path.slice(0, slash),
    prefix: parts[0] ?? '',
    match(name) {
      if (name.startsWith(ownSegment)) return undefined
      const found = expression.exec(name)
      return found ? { ...found.groups } : undefined
    },
  }
}
