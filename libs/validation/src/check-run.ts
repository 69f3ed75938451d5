import type { Layer, Manifest, ObjectStore, Report, Schema } from '@logpipe/core'
import { inspectCounts } from './counts.ts'
import type { Finding } from './finding.ts'
import { inspectOutputs } from './outputs.ts'
import { type FeaturesOf, recount } from './recount.ts'

interface Definition {
  readonly layers: readonly Layer[]
  readonly schemas: ReadonlyMap<string, Schema>
}

/**
 * Reads every part back from storage and holds it against manifest and schema, then the counts against each other; with `featuresOf` also gold
 * and ML against silver's events. A fault is a finding; what says nothing of the run (storage that does not answer) is thrown.
 */
export async function* inspectRun(store: ObjectStore, { layers, schemas }: Definition, manifests: readonly Manifest[], featuresOf?: FeaturesOf): AsyncGenerator<Finding> {
  yield* inspectOutputs(store, layers, schemas, manifests)
  yield* inspectCounts(store, manifests)
  if (featuresOf) yield* recount(store, manifests, featuresOf)
}

/** The stage: what was seen; throws the first fault, since nothing may be published then. */
export async function checkRun(store: ObjectStore, definition: Definition, manifests: readonly Manifest[]): Promise<Report['checks']> {
  const checks: Report['checks'] = []
  for await (const { id, seen, error } of inspectRun(store, definition, manifests)) {
    if (error !== null) throw error
    checks.push({ id, ok: true, seen })
  }
  return checks
}
