/** Runtime states in the words of Durable Functions. */
export type Status = 'Pending' | 'Running' | 'Suspended' | 'Completed' | 'Failed' | 'Terminated'

export const isActive = (status: Status): boolean => status === 'Pending' || status === 'Running' || status === 'Suspended'

/** A row of `instances`; input, output, custom_status and plan are JSON texts, times ms since 1970. */
export interface Instance {
  id: string
  execution: string
  name: string
  status: Status
  input: string
  output: string
  custom_status: string
  created: number
  updated: number
  parent_id: string | null
  parent_execution: string | null
  parent_task: number | null
  plan: string
}

export interface Message {
  seq: number
  instance: string
  execution: string | null
  event: string
}

export interface QueuedActivity {
  seq: number
  instance: string
  execution: string
  task: number
  name: string
  input: string
  deliveries: number
}

export interface DueTimer {
  seq: number
  instance: string
  execution: string
  task: number
  fire_at: number
}
