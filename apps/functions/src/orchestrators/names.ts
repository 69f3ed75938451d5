/** The orchestrator's name carries a version: a run ends on the code it began with. */
export const ORCHESTRATOR = 'logPipelineV1'

/** Activities as the orchestrator calls them. */
export const ACTIVITIES = {
  begin: 'beginRun',
  layer: 'runLayer',
  validate: 'validateRun',
  publish: 'publishRun',
  learn: 'learnFromRun',
  services: 'ensureServices',
  finish: 'finishRun',
} as const
