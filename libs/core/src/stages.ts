/**
 * The one list of stages, in order. The orchestrator walks it, the CLI draws it, validation and the docs name it.
 * `data` stages end in a manifest; a failure before `publish` leaves nothing visible, a failure after it leaves a `degraded` run. `shows` are the counts
 * that tell a person how the stage went.
 */
export const STAGES = [
  { name: 'bronze', title: 'Bronze', does: 'raw lines to Parquet', kind: 'layer', shows: ['lines'] },
  { name: 'silver', title: 'Silver', does: 'parsed events to JSON', kind: 'layer', shows: ['parsed', 'quarantined'] },
  { name: 'gold', title: 'Gold', does: 'activity tables and detections to CSV', kind: 'layer', shows: ['activity_by_address', 'detections'] },
  { name: 'ml', title: 'ML', does: 'anomalies and the model', kind: 'layer', shows: ['entities', 'flagged'] },
  { name: 'validate', title: 'Validate', does: 'outputs, hashes and counts', kind: 'control', shows: ['checks'] },
  { name: 'publish', title: 'Publish', does: 'the pointer that readers follow', kind: 'control', shows: [] },
  { name: 'learn', title: 'Learn', does: 'this log becomes part of the model', kind: 'after', shows: ['sources'] },
  { name: 'services', title: 'Services', does: 'the API serves this run', kind: 'after', shows: [] },
] as const

export type StageName = (typeof STAGES)[number]['name']
export const LAYER_STAGES = STAGES.filter((stage) => stage.kind === 'layer').map((stage) => stage.name)
