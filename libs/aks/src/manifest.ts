import { createHash } from 'node:crypto'

/** A Kubernetes object as it is applied. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: Kind
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>> }
  readonly [field: string]: unknown
}

/** What we deploy, in the order in which it is applied: what others stand on comes first. Pruned backwards. */
export const KIND_ORDER = [
  'Namespace',
  'ServiceAccount',
  'ConfigMap',
  'PersistentVolumeClaim',
  'NetworkPolicy',
  'Service',
  'PodDisruptionBudget',
  'Deployment',
] as const
export type Kind = (typeof KIND_ORDER)[number]

export interface ObjectRef {
  readonly kind: Kind
  readonly name: string
}

export const refOf = ({ kind, metadata }: Manifest): ObjectRef => ({ kind, name: metadata.name })
export const nameOf = ({ kind, name }: ObjectRef): string => `${kind}/${name}`

/** Label of all that is ours: nothing without it is ever removed. */
export const OWNED = { 'app.kubernetes.io/managed-by': 'logpipe' } as const
export const FIELD_MANAGER = 'logpipe'

export const inOrder = <T extends { readonly kind: Kind }>(objects: readonly T[]): T[] =>
  [...objects].sort((a, b) => KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind))

/** Hash of what is to be deployed; the order of keys and objects does not count. */
export const hashOf = (manifests: readonly Manifest[]): string =>
  createHash('sha256')
    .update(JSON.stringify(manifests.map((manifest) => JSON.stringify(sorted(manifest))).sort()))
    .digest('hex')

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]))
}
