import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LogpipeError } from '@logpipe/core'
import { parseAllDocuments } from 'yaml'
import { KIND_ORDER, type Manifest, nameOf, OWNED, refOf } from './manifest.ts'

export interface RenderValues {
  readonly namespace: string
  /** By the name that stands as `image` in the manifests; each with its digest. */
  readonly images: Readonly<Record<string, string>>
  /** Managed identity that the pods log in with; empty: none. */
  readonly clientId: string
  /** Added to the ConfigMaps of these names. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, string>>>>
}

type Tree = Record<string, unknown>
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The manifests of `dir`/base with the patches of one overlay. @throws MANIFEST_REFUSED where a patch or an image has no counterpart. */
export async function loadManifests(dir: string, overlay: string, values: RenderValues): Promise<Manifest[]> {
  const base = join(dir, 'base')
  const files = (await readdir(base)).filter((name) => name.endsWith('.yaml')).sort()
  const texts = await Promise.all(files.map((name) => readFile(join(base, name), 'utf8')))
  return render(texts.flatMap(documents), documents(await readFile(join(dir, 'overlays', `${overlay}.yaml`), 'utf8')), values)
}

const documents = (text: string): Tree[] => parseAllDocuments(text).map((document) => document.toJS() as unknown).filter(isTree)

/** Pure: patches are merged by kind and name, lists of named items by their names; null takes a field away, `$patch: delete` an object. */
export function render(base: readonly Tree[], patches: readonly Tree[], values: RenderValues): Manifest[] {
  const objects = new Map(base.map((object) => [keyOf(object), object]))
  for (const { $patch, ...patch } of patches) {
    const key = keyOf(patch)
    const target = objects.get(key)
    if (!target) throw refused(key, 'the overlay patches it, the base has none')
    if ($patch === 'delete') objects.delete(key)
    else objects.set(key, merge(target, patch) as Tree)
  }
  return [...objects.values()].map((object) => filled(object as unknown as Manifest, values))
}

function keyOf(object: Tree): string {
  const { kind, metadata } = object as { kind?: string; metadata?: { name?: string } }
  if (!KIND_ORDER.some((known) => known === kind) || !metadata?.name) throw refused(`${kind ?? '?'}/${metadata?.name ?? '?'}`, `kind must be one of ${KIND_ORDER.join(', ')}, with a name`)
  return nameOf(refOf(object as unknown as Manifest))
}

function merge(target: unknown, patch: unknown): unknown {
  if (isTree(target) && isTree(patch)) {
    const merged: Tree = { ...target }
    for (const [key, value] of Object.entries(patch)) {
      if (value === null) delete merged[key]
      else merged[key] = merge(target[key], value)
    }
    return merged
  }
  if (!isNamedList(target) || !isNamedList(patch)) return patch
  const items = new Map(target.map((item) => [item['name'], item]))
  for (const item of patch) items.set(item['name'], merge(items.get(item['name']), item) as Tree)
  return [...items.values()]
}

const isNamedList = (value: unknown): value is Tree[] => Array.isArray(value) && value.every((item) => isTree(item) && typeof item['name'] === 'string')

function filled(object: Manifest, { namespace, images, clientId, settings }: RenderValues): Manifest {
  const { kind, metadata } = object
  const named = {
    ...object,
    metadata: { ...metadata, name: kind === 'Namespace' ? namespace : metadata.name, labels: { ...metadata.labels, ...OWNED } },
  }
  if (kind === 'ServiceAccount' && clientId !== '') return { ...named, metadata: { ...named.metadata, annotations: { 'azure.workload.identity/client-id': clientId } } }
  const added = kind === 'ConfigMap' ? settings[metadata.name] : undefined
  if (added) return { ...named, data: { ...(object['data'] as Tree), ...added } }
  return kind === 'Deployment' ? withImages(named, images) : named
}

function withImages(object: Manifest, images: RenderValues['images']): Manifest {
  const patched = structuredClone(object) as Manifest & { spec: { template: { spec: { containers: { image: string }[] } } } }
  for (const container of patched.spec.template.spec.containers) {
    const image = images[container.image]
    if (!image || !/@sha256:[0-9a-f]{64}$/.test(image)) throw new LogpipeError('AKS_SETTING_MISSING', { detail: `aks.images.${container.image} must name an image by its digest (NAME@sha256:…), it is ${image || 'not set'}.` })
    container.image = image
  }
  return patched
}

const refused = (object: string, detail: string): LogpipeError => new LogpipeError('MANIFEST_REFUSED', { object, detail })
