/** The orchestrator's name carries a version: a run ends on the code it began with. */
export const ORCHESTRATOR = 'logPipelineV1'

/** Waits for one job of a layer; by the same rule. */
export const JOB_ORCHESTRATOR = 'awaitJobV1'

/** Activities as the orchestrator calls them. */
export const ACTIVITIES = {
  begin: 'beginRun',
  layer: 'runLayer',
  lookAtJob: 'lookAtJob',
  endJob: 'endJob',
  validate: 'validateRun',
  publish: 'publishRun',
  learn: 'learnFromRun',
  services: 'ensureServices',
  finish: 'finishRun',
} as const
