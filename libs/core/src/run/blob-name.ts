import { LogpipeError } from '../errors/error.ts'

/** First segment of all that logpipe writes beside sources; a source never lies under it. */
export const RUNS_SEGMENT = '_runs/'

const SEGMENT = /^[\p{L}\p{N}._=@+,~ ()-]+$/u

/**
 * Storage accepts names that are stored as others (`a/../b` is `b`) or that break the listing of a whole container (NUL, ESC), so a name is
 * held against an allow-list first. Throws BLOB_NAME_REFUSED.
 */
export function checkBlobName(name: string): string {
  const refuse = (detail: string): never => {
    throw new LogpipeError('BLOB_NAME_REFUSED', { name: JSON.stringify(name.slice(0, 120)), detail })
  }
  if (name.length === 0 || name.length > 1024) refuse('a name has 1 to 1024 characters')
  for (const segment of name.split('/')) {
    if (segment === '') refuse('an empty segment (a slash at an end, or two together)')
    if (segment === '.' || segment === '..' || segment.endsWith('.')) refuse('a segment that ends in a dot')
    if (!SEGMENT.test(segment)) refuse('a character outside letters, digits and . _ = @ + , ~ ( ) - space')
  }
  return name
}

/** As `checkBlobName`, and not under our own first segment. */
export function checkSourceName(name: string): string {
  if (name.startsWith(RUNS_SEGMENT)) throw new LogpipeError('BLOB_NAME_REFUSED', { name, detail: `${RUNS_SEGMENT} is where logpipe writes` })
  return checkBlobName(name)
}
