import { z } from 'zod'
import { LogpipeError } from '../errors/error.ts'
import type { ObjectStore } from '../ports.ts'
import { readDocument, updateDocument } from '../run/json-blob.ts'
import { places } from '../run/places.ts'
import { canonicalNetwork } from './network.ts'

export const ENTITY_KINDS = ['address', 'subnet', 'user', 'host'] as const
export type EntityKind = (typeof ENTITY_KINDS)[number]

/** What a person says about an entity: `allow` is for what is known to be good, `dismiss` for a finding that was looked at. Runs that start later heed it. */
export const Judgement = z.object({
  kind: z.enum(['allow', 'dismiss']),
  entity_kind: z.enum(ENTITY_KINDS),
  entity: z.string().min(1).max(255),
  /** Host that was addressed; null: any. */
  host: z.string().max(255).nullable(),
  /** Detection; null: all of them, and the score. */
  id: z.string().max(64).nullable(),
  /** ISO 8601 UTC; it does not count for logs of a later time. */
  until: z.iso.datetime(),
  reason: z.string().trim().min(3).max(500),
  author: z.string().min(1).max(100),
  /** When it was said, ISO 8601 UTC. */
  at: z.iso.datetime(),
})
export type Judgement = z.infer<typeof Judgement>

/** So many stand at once: a document that a run reads whole. */
export const MAX_JUDGEMENTS = 5000

const Judgements = z.object({ schema: z.literal('logpipe/judgements/1'), entries: z.array(Judgement).max(MAX_JUDGEMENTS) })

const about = ({ kind, entity_kind, entity, host, id }: Judgement): string => JSON.stringify([kind, entity_kind, entity, host, id])

/** All that was said and not revoked, also what has expired; oldest first. */
export async function readJudgements(store: ObjectStore): Promise<readonly Judgement[]> {
  return (await readDocument(store, places.judgements, Judgements))?.value.entries ?? []
}

/** Adds one; what is said of a subnet holds for all in it; what was said about the very same thing before is replaced. Gives it as it is kept. Throws JUDGEMENT_NOT_VALID. */
export async function judge(store: ObjectStore, judgement: Judgement): Promise<Judgement> {
  const network = judgement.entity_kind === 'subnet' ? canonicalNetwork(judgement.entity) : judgement.entity
  if (network === null) throw new LogpipeError('JUDGEMENT_NOT_VALID', { detail: `entity: ${judgement.entity} is no network such as 192.0.2.0/24 or 2001:db8::/32` })
  const checked = Judgement.safeParse({ ...judgement, entity: network })
  if (!checked.success) {
    const detail = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    throw new LogpipeError('JUDGEMENT_NOT_VALID', { detail })
  }
  await updateDocument(store, places.judgements, Judgements, (current): z.infer<typeof Judgements> => {
    const others = (current?.entries ?? []).filter((entry) => about(entry) !== about(checked.data))
    if (others.length >= MAX_JUDGEMENTS) throw new LogpipeError('JUDGEMENT_NOT_VALID', { detail: `there are ${MAX_JUDGEMENTS} already: revoke some` })
    return { schema: 'logpipe/judgements/1', entries: [...others, checked.data] }
  })
  return checked.data
}

/** Takes back all that was said about an entity. Returns what was taken back. */
export async function revoke(store: ObjectStore, entity: string): Promise<readonly Judgement[]> {
  let revoked: readonly Judgement[] = []
  await updateDocument(store, places.judgements, Judgements, (current) => {
    revoked = current?.entries.filter((entry) => entry.entity === entity) ?? []
    return current && revoked.length > 0 ? { ...current, entries: current.entries.filter((entry) => entry.entity !== entity) } : null
  })
  return revoked
}
