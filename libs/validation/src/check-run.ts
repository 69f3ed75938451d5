import { type Layer, LogpipeError, type Manifest, type ObjectStore, type Report } from '@logpipe/core'
import { createHash } from 'node:crypto'

type Check = Report['checks'][number]

/**
 * Reads every part back from storage and holds it against its manifest, then holds the counts against each other. Returns what was seen;
 * throws OUTPUT_MISSING, OUTPUT_CORRUPT or COUNTS_DIFFER at the first fault, since nothing may be published then.
 */
export async function checkRun(store: ObjectStore, layers: readonly Layer[], manifests: readonly Manifest[]): Promise<Check[]> {
  return [checkOutputs(layers, manifests), ...(await checkHashes(store, manifests)), ...checkCounts(manifests)]
}

function checkOutputs(layers: readonly Layer[], manifests: readonly Manifest[]): Check {
  const made = new Set(manifests.flatMap((manifest) => manifest.parts.map((part) => part.output)))
  const wanted = layers.flatMap((layer) => layer.outputs.map((output) => output.name))
  for (const name of wanted) if (!made.has(name)) throw new LogpipeError('OUTPUT_MISSING', { name })
  return { id: 'outputs-exist', ok: true, seen: `${wanted.length} outputs of ${manifests.length} layers` }
}

async function checkHashes(store: ObjectStore, manifests: readonly Manifest[]): Promise<Check[]> {
  const checks: Check[] = []
  for (const part of manifests.flatMap((manifest) => manifest.parts)) {
    const hash = createHash('sha256')
    try {
      for await (const chunk of store.read(part)) hash.update(chunk)
    } catch (error) {
      if (error instanceof LogpipeError && error.code === 'BLOB_NOT_FOUND') throw new LogpipeError('OUTPUT_MISSING', { name: part.name }, { cause: error })
      throw error
    }
    const found = hash.digest('hex')
    if (found !== part.sha256) throw new LogpipeError('OUTPUT_CORRUPT', { name: `${part.container}/${part.name}`, found, expected: part.sha256 })
    checks.push({ id: `hash:${part.output}`, ok: true, seen: `${part.bytes} bytes, sha256 ${found.slice(0, 12)}…` })
  }
  return checks
}

/** The law of the pipeline: no line is lost between the source and silver, and the tables agree with the documents. */
function checkCounts(manifests: readonly Manifest[]): Check[] {
  const counts = new Map(manifests.map((manifest) => [manifest.layer, manifest.counts]))
  const rows = new Map(manifests.flatMap((manifest) => manifest.parts.map((part) => [part.output, part.rows ?? 0] as const)))
  const lines = counts.get('bronze')?.['lines'] ?? 0
  const silver = counts.get('silver') ?? {}
  const { parsed = 0, quarantined = 0 } = silver
  const equal = (id: string, text: string, left: number, right: number): Check => {
    if (left !== right) throw new LogpipeError('COUNTS_DIFFER', { detail: `${text}: ${left} is not ${right}`, runId: manifests[0]?.runId })
    return { id, ok: true, seen: `${text}: ${left}` }
  }
  return [
    equal('lines-add-up', 'lines in bronze = parsed + quarantined', lines, parsed + quarantined),
    equal('bronze-rows', 'rows of lines = lines', rows.get('lines') ?? 0, lines),
    equal('silver-rows', 'rows of events = parsed', rows.get('events') ?? 0, parsed),
    equal('quarantine-rows', 'rows of quarantine = quarantined', rows.get('quarantine') ?? 0, quarantined),
  ]
}
