import { z } from 'zod'

/** Of each answer only what is read: a workspace may say more. */

export const JobSettings = z.looseObject({ name: z.string() })
export const Job = z.object({ job_id: z.int(), settings: JobSettings })
export const Jobs = z.object({ jobs: z.array(Job).default([]), next_page_token: z.string().default('') })

const Reason = z.object({ code: z.string().default(''), type: z.string().default(''), message: z.string().default('') })
export const RunState = {
  /** Jobs 2.2. */
  status: z.object({ state: z.string(), termination_details: Reason.optional() }).optional(),
  /** Deprecated, and all that older workspaces say. */
  state: z.object({ life_cycle_state: z.string(), result_state: z.string().default(''), state_message: z.string().default('') }).optional(),
}
export const Run = z.object({
  run_id: z.int(),
  job_id: z.int().optional(),
  run_name: z.string().default(''),
  run_page_url: z.string().default(''),
  /** As this run was given them, defaults included. */
  job_parameters: z.array(z.object({ name: z.string(), value: z.string().default('') })).default([]),
  start_time: z.number().default(0),
  end_time: z.number().default(0),
  ...RunState,
  tasks: z.array(z.object({ run_id: z.int(), task_key: z.string(), notebook_task: z.object({ base_parameters: z.record(z.string(), z.string()).default({}) }).optional(), ...RunState })).default([]),
})
export const Runs = z.object({ runs: z.array(Run).default([]), next_page_token: z.string().default('') })
export const RunNow = z.object({ run_id: z.int() })
export const RunOutput = z.object({ error: z.string().default('') })

export const ObjectStatus = z.object({ path: z.string(), object_type: z.string() })
export const Objects = z.object({ objects: z.array(ObjectStatus).default([]) })
export const Exported = z.object({ content: z.string() })
export const Scopes = z.object({ scopes: z.array(z.object({ name: z.string() })).default([]) })
export const Secrets = z.object({ secrets: z.array(z.object({ key: z.string() })).default([]) })
export const NodeTypes = z.object({ node_types: z.array(z.object({ node_type_id: z.string() })).default([]) })
export const Cluster = z.object({ cluster_id: z.string(), state: z.string(), state_message: z.string().default('') })
export const Me = z.object({ userName: z.string() })

export type Job = z.infer<typeof Job>
export type Run = z.infer<typeof Run>
export type ObjectStatus = z.infer<typeof ObjectStatus>
