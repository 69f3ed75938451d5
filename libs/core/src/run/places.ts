import type { BlobRef, Layer } from '../ports.ts'
import { RUNS_SEGMENT } from './blob-name.ts'

/** Sources lie in bronze; run records, claims, pointers and models in pipeline. */
export const CONTAINERS = ['bronze', 'silver', 'gold', 'pipeline'] as const
export const SOURCE_CONTAINER = 'bronze'

const pipeline = (name: string): BlobRef => ({ container: 'pipeline', name })

/** Every place that logpipe writes, said once. */
export const places = {
  attempt: (layer: Pick<Layer, 'container'>, slug: string, runId: string, attempt: number) => ({
    container: layer.container,
    prefix: `${RUNS_SEGMENT}${slug}/${runId}/attempt=${attempt}/`,
  }),
  /** gold and ml share a container, so a manifest carries its layer's name. */
  manifest: (layer: Pick<Layer, 'container' | 'name'>, slug: string, runId: string, attempt: number): BlobRef => ({
    container: layer.container,
    name: `${RUNS_SEGMENT}${slug}/${runId}/attempt=${attempt}/_MANIFEST.${layer.name}.json`,
  }),
  claim: (eventKey: string) => pipeline(`claims/${eventKey}.json`),
  /** Which run has the results of a content. */
  content: (contentKey: string) => pipeline(`content/${contentKey}.json`),
  contentPrefix: 'content/',
  record: (runId: string) => pipeline(`runs/${runId}/record.json`),
  report: (runId: string) => pipeline(`runs/${runId}/report.json`),
  /** What a job of a layer is given, and the job that was begun for it. */
  task: (runId: string, layer: string, attempt: number) => pipeline(`runs/${runId}/tasks/${layer}-attempt=${attempt}.json`),
  job: (runId: string, layer: string, attempt: number) => pipeline(`runs/${runId}/jobs/${layer}-attempt=${attempt}.json`),
  latest: (slug: string) => pipeline(`latest/${slug}.json`),
  pinnedJudgements: (hash: string) => pipeline(`judgements/pinned/${hash}.json`),
  /** The model registry: one index, and a folder for each version that nobody changes. */
  models: pipeline('models/openssh/index.json'),
  modelVersion: (version: string) => pipeline(`models/openssh/versions/${version}/`),
  stream: (slug: string) => pipeline(`streams/${slug}.json`),
  judgements: pipeline('judgements/openssh.json'),
  /** What MLflow is to know yet; the digest tells results of one run apart. */
  mlflowEntry: (runId: string, digest: string) => pipeline(`outbox/mlflow/${runId}.${digest}.json`),
  mlflowState: pipeline('outbox/mlflow-state.json'),
  mlflowOutboxPrefix: 'outbox/mlflow/',
  queued: (runId: string) => pipeline(`queue/${runId}`),
  queuePrefix: 'queue/',
  turns: pipeline('turns.json'),
  /** What the timer did last. */
  sweep: pipeline('sweep.json'),
  recordsPrefix: 'runs/',
  latestPrefix: 'latest/',
} as const
