import { LogpipeError } from '@logpipe/core'
import type { Run } from '../client/shapes.ts'

type Fields = Readonly<Record<string, string | number>>
type Ending = (detail: string, fields: Fields) => LogpipeError

/** Codes of the clouds for "no machine of that kind, here and now": they stand in the message, which has no field for them. */
const NO_CAPACITY = /QUOTA_EXCEEDED|QuotaExceeded|STOCKOUT|OUT_OF_CAPACITY|SkuNotAvailable|AllocationFailed|INSUFFICIENT_\w*CAPACITY/

const cluster: Ending = (detail, fields) => new LogpipeError(NO_CAPACITY.test(detail) ? 'DATABRICKS_NO_CAPACITY' : 'DATABRICKS_CLUSTER_FAILED', { ...fields, detail })
const rejected: Ending = (detail, fields) => new LogpipeError('DATABRICKS_REJECTED', { ...fields, call: fields['job'] ?? '', detail })
const throttled: Ending = (_detail, fields) => new LogpipeError('DATABRICKS_THROTTLED', { ...fields, call: fields['job'] ?? '' })
const byOthers: Ending = (detail, fields) => new LogpipeError('JOB_ENDED_BY_OTHERS', { ...fields, detail })
const failed: Ending = (detail, fields) => new LogpipeError('JOB_FAILED', { ...fields, detail })

/** `termination_details.code` of Jobs 2.2; whatever is not here is a failure of the work. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  CLUSTER_ERROR: cluster,
  CLOUD_FAILURE: cluster,
  CLUSTER_REQUEST_LIMIT_EXCEEDED: cluster,
  DRIVER_ERROR: cluster,
  INTERNAL_ERROR: cluster,
  LIBRARY_INSTALLATION_ERROR: cluster,
  MAX_SPARK_CONTEXTS_EXCEEDED: cluster,
  INVALID_CLUSTER_REQUEST: rejected,
  INVALID_RUN_CONFIGURATION: rejected,
  FEATURE_DISABLED: rejected,
  RESOURCE_NOT_FOUND: (detail, fields) => new LogpipeError('DATABRICKS_NOT_DEPLOYED', { ...fields, what: `What the job needs (${detail})` }),
  UNAUTHORIZED_ERROR: (detail, fields) => new LogpipeError('DATABRICKS_FORBIDDEN', { ...fields, call: fields['job'] ?? '', detail }),
  MAX_CONCURRENT_RUNS_EXCEEDED: throttled,
  MAX_JOB_QUEUE_SIZE_EXCEEDED: throttled,
  WORKSPACE_RUN_LIMIT_EXCEEDED: throttled,
  SKIPPED: throttled,
  USER_CANCELED: byOthers,
  CANCELED: byOthers,
  TIMEDOUT: byOthers,
  TIMED_OUT: byOthers,
}

/** How a run stands: still under way, ended well, or ended by what code. The older `state` is read only where there is no `status`. */
export function standing({ status, state }: Pick<Run, 'status' | 'state'>): { readonly ended: boolean; readonly code: string; readonly message: string } {
  if (status) {
    const { code = '', message = '' } = status.termination_details ?? {}
    return { ended: status.state === 'TERMINATED', code, message }
  }
  const ended = state !== undefined && ['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR'].includes(state.life_cycle_state)
  const code = !ended ? '' : state.life_cycle_state === 'TERMINATED' ? state.result_state : state.life_cycle_state
  return { ended, code, message: state?.state_message ?? '' }
}

/** The error of an ended run by its code; `detail`: its own words where there are better ones than the run's. */
export function endingError(run: Run, fields: Fields, detail = ''): LogpipeError {
  const { code, message } = standing(run)
  return (ENDINGS[code] ?? failed)(detail || message || code, fields)
}
