import { findPart, firstRows, latestPointer, LogpipeError, type ObjectStore, type Part, places, readDocument, readRecord, Report, sourceSlug } from '@logpipe/core'
import { Anomaly } from '@logpipe/core/judgements'

export interface Where {
  /** Run id; wins over `source`. */
  readonly run?: string
  /** Name of the blob; without it the source that was published last. */
  readonly source?: string
}

export interface Listed {
  readonly runId: string
  readonly source: string
  readonly anomalies: readonly Anomaly[]
  /** An output of the same run. Throws OUTPUT_MISSING. */
  part(output: string): Promise<Part>
}

/** A run lists what is flagged, detected or among the best scored: a few hundred rows, seldom thousands. */
const MOST = 100_000

const read = async (store: ObjectStore, part: Part): Promise<Anomaly[]> => (await firstRows<unknown>(store, part, MOST)).map((row) => Anomaly.parse(row))

/** Anomalies of one run or of what is published. Throws RUN_NOT_FOUND, NOTHING_PUBLISHED. */
export async function findAnomalies(store: ObjectStore, { run, source }: Where): Promise<Listed> {
  if (run !== undefined) {
    const record = await readRecord(store, run)
    const report = await readDocument(store, places.report(run), Report)
    const part = (output: string): Promise<Part> => {
      const found = report?.value.artifacts.find((artifact) => artifact.output === output)
      return found ? Promise.resolve(found) : Promise.reject(new LogpipeError('OUTPUT_MISSING', { name: `${output} of ${run}` }))
    }
    return { runId: run, source: record.source.name, anomalies: await read(store, await part('anomalies')), part }
  }
  const pointer = await latestPointer(store, source === undefined ? undefined : await sourceSlug(source))
  if (!pointer) throw new LogpipeError('NOTHING_PUBLISHED', { what: source ?? 'a log' })
  const part = (output: string): Promise<Part> => findPart(store, pointer, output)
  return { runId: pointer.runId, source: pointer.source.name, anomalies: await read(store, await part('anomalies')), part }
}

/** One of them by its rank or its entity. Throws ANOMALY_NOT_FOUND. */
export function pick({ runId, anomalies }: Listed, wanted: string): Anomaly {
  const found = anomalies.find(({ rank, entity }) => entity === wanted || (/^\d+$/.test(wanted) && rank === Number(wanted)))
  if (!found) throw new LogpipeError('ANOMALY_NOT_FOUND', { runId, wanted })
  return found
}
