/**
 * The one list of stages, in order. The orchestrator walks it, the CLI draws it, validation and the docs name it.
 * `data` stages end in a manifest; a failure before `publish` leaves nothing visible, a failure after it leaves a `degraded` run.
 */
export const STAGES = [
  { name: 'bronze', title: 'Bronze', does: 'raw lines to Parquet', kind: 'layer' },
  { name: 'silver', title: 'Silver', does: 'parsed events to JSON', kind: 'layer' },
  { name: 'gold', title: 'Gold', does: 'activity tables and detections to CSV', kind: 'layer' },
  { name: 'ml', title: 'ML', does: 'anomalies and the model', kind: 'layer' },
  { name: 'validate', title: 'Validate', does: 'outputs, hashes and counts', kind: 'control' },
  { name: 'publish', title: 'Publish', does: 'the pointer that readers follow', kind: 'control' },
  { name: 'services', title: 'Services', does: 'the API serves this run', kind: 'after' },
] as const

export type StageName = (typeof STAGES)[number]['name']
export const LAYER_STAGES = STAGES.filter((stage) => stage.kind === 'layer').map((stage) => stage.name)
