import type { JobSpec, Submit, Task } from './bodies.ts'

/** What one run is to do: a runner does it for real, or as far as a test needs. */
export interface RunnerJob {
  readonly runId: number
  /** Path of the notebook; what lies beside it is in `files`. */
  readonly notebook: string
  /** Text of everything in the workspace, by path. */
  readonly files: ReadonlyMap<string, string>
  readonly parameters: Readonly<Record<string, string>>
  /** Spark conf and environment of the cluster, secrets put in. */
  readonly conf: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}

/** Does the work; a rejection's message is what the run ends with as its error. */
export type Runner = (job: RunnerJob, signal: AbortSignal) => Promise<void>

export type State = 'QUEUED' | 'PENDING' | 'RUNNING' | 'TERMINATING' | 'TERMINATED'

export interface DoubleRun {
  readonly runId: number
  readonly jobId: number | null
  readonly spec: JobSpec | Submit
  readonly parameters: Readonly<Record<string, string>>
  readonly startedMs: number
  state: State
  code: string
  type: string
  message: string
  /** The words of the error, as `runs/get-output` tells them. */
  error: string
  endedMs: number
  readonly stop: AbortController
  /** Settles when the run has ended. */
  ended: Promise<void>
}

export interface StoredObject {
  readonly type: 'DIRECTORY' | 'NOTEBOOK' | 'FILE'
  readonly text: string
}

/** Everything that the workspace of the double holds. */
export class World {
  readonly objects = new Map<string, StoredObject>([['/', { type: 'DIRECTORY', text: '' }], ['/Shared', { type: 'DIRECTORY', text: '' }]])
  readonly jobs = new Map<number, JobSpec>()
  readonly runs = new Map<number, DoubleRun>()
  readonly tokens = new Map<string, number>()
  readonly scopes = new Map<string, Map<string, string>>()
  readonly nodeTypes = new Set(['Standard_DS3_v2', 'Standard_D4ds_v5', 'Standard_D4s_v3'])
  #next = 1000

  id(): number {
    this.#next += 1
    return this.#next
  }

  texts(): Map<string, string> {
    return new Map([...this.objects].filter(([, { type }]) => type !== 'DIRECTORY').map(([path, { text }]) => [path, text]))
  }

  /** A text with its `{{secrets/SCOPE/KEY}}` put in; null where one is missing. */
  reveal(text: string): string | null {
    let missing = false
    const revealed = text.replaceAll(/\{\{secrets\/([^/]+)\/([^}]+)\}\}/g, (_whole, scope: string, key: string) => {
      const value = this.scopes.get(scope)?.get(key)
      missing ||= value === undefined
      return value ?? ''
    })
    return missing ? null : revealed
  }
}

/** The workspace shows `/Workspace/Shared/x` and `/Shared/x` as one. */
export const normal = (path: string): string => path.replace(/^\/Workspace(?=\/)/, '').replace(/(?<=.)\/$/, '')

export const clusterOf = ({ tasks: [task], ...spec }: JobSpec | Submit): Task['new_cluster'] => {
  const clusters = 'job_clusters' in spec ? (spec.job_clusters ?? []) : []
  return task?.new_cluster ?? clusters.find(({ job_cluster_key: key }) => key === task?.job_cluster_key)?.new_cluster
}
