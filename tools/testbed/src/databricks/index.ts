export { startWorkspaceDouble } from './workspace-double.ts'
export type { RequestFault, RunFault, WorkspaceDouble } from './workspace-double.ts'
export type { Runner, RunnerJob } from './world.ts'
