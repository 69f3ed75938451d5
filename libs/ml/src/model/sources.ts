import { createHash } from 'node:crypto'
import type { Learnt } from './document.ts'

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
/** Newest first; a total order, so that what is kept does not depend on who came first. */
const newest = (a: Learnt, b: Learnt): number => b.modifiedMs - a.modifiedMs || b.publishedMs - a.publishedMs || order(b.runId, a.runId)

function firstOfEach(entries: readonly Learnt[], key: (entry: Learnt) => string): Learnt[] {
  const kept = new Map<string, Learnt>()
  for (const entry of entries) if (!kept.has(key(entry))) kept.set(key(entry), entry)
  return [...kept.values()]
}

/**
 * What a version is made of: the newest version of each source; the same log under two names once; at most `limit` sources, the newest.
 * A law of sets: any order, any duplicates, in one go or step by step.
 */
export function selectSources(entries: readonly Learnt[], limit: number): Learnt[] {
  const bySource = firstOfEach(entries.toSorted(newest), ({ slug }) => slug).slice(0, limit)
  return bySource.toSorted((a, b) => order(a.slug, b.slug))
}

/** Sources of a selection that are folded: the same log under two names counts once, under the name that comes first. */
export const distinctLogs = (selected: readonly Learnt[]): Learnt[] => firstOfEach(selected.toSorted((a, b) => order(a.slug, b.slug)), ({ contentKey }) => contentKey)

/** 16 hex: the same parts of the same sources under the same definition are the same version. */
export function versionId(selected: readonly Learnt[], definitionHash: string): string {
  const keys = distinctLogs(selected).map(({ slug, contentKey, parts }) => [slug, contentKey, ...parts.map(({ output, sha256 }) => `${output} ${sha256}`).sort()].join(' '))
  return createHash('sha256').update([definitionHash, ...keys.sort()].join('\n')).digest('hex').slice(0, 16)
}
