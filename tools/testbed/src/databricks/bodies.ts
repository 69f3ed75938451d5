import { z } from 'zod'

/** Request bodies as Databricks documents them, field by field: what is not named here is refused. */

const Texts = z.record(z.string(), z.string())
const Library = z.strictObject({ pypi: z.strictObject({ package: z.string(), repo: z.string().optional() }) })

/** A cluster that lives for one run. It ends by itself, so `autotermination_minutes` is refused. */
export const NewCluster = z.strictObject({
  spark_version: z.string().regex(/^\d+\.\d+\.x-/),
  node_type_id: z.string(),
  driver_node_type_id: z.string().optional(),
  num_workers: z.int().min(0).optional(),
  autoscale: z.strictObject({ min_workers: z.int(), max_workers: z.int() }).optional(),
  spark_conf: Texts.optional(),
  spark_env_vars: Texts.optional(),
  custom_tags: Texts.optional(),
  azure_attributes: z
    .strictObject({ first_on_demand: z.int().optional(), availability: z.enum(['ON_DEMAND_AZURE', 'SPOT_AZURE', 'SPOT_WITH_FALLBACK_AZURE']).optional(), spot_bid_max_price: z.number().optional() })
    .optional(),
  data_security_mode: z.string().optional(),
  runtime_engine: z.enum(['STANDARD', 'PHOTON']).optional(),
  policy_id: z.string().optional(),
})

export const Task = z.strictObject({
  task_key: z.string().regex(/^[\w-]{1,100}$/),
  description: z.string().optional(),
  notebook_task: z.strictObject({ notebook_path: z.string().startsWith('/'), source: z.enum(['WORKSPACE', 'GIT']).optional(), base_parameters: Texts.optional() }),
  job_cluster_key: z.string().optional(),
  new_cluster: NewCluster.optional(),
  environment_key: z.string().optional(),
  libraries: z.array(Library).optional(),
  timeout_seconds: z.int().min(0).optional(),
  max_retries: z.int().min(-1).optional(),
})

const Environment = z.strictObject({
  environment_key: z.string(),
  spec: z.strictObject({ environment_version: z.string().optional(), client: z.string().optional(), dependencies: z.array(z.string()).optional() }),
})
const common = { timeout_seconds: z.int().min(0).optional(), environments: z.array(Environment).optional() }

export const JobSpec = z.strictObject({
  ...common,
  name: z.string().max(4096),
  description: z.string().optional(),
  tags: Texts.optional(),
  tasks: z.array(Task).min(1).max(100),
  job_clusters: z.array(z.strictObject({ job_cluster_key: z.string(), new_cluster: NewCluster })).optional(),
  parameters: z.array(z.strictObject({ name: z.string().regex(/^[\w.-]+$/), default: z.string() })).optional(),
  max_concurrent_runs: z.int().min(0).max(2000).optional(),
  queue: z.strictObject({ enabled: z.boolean() }).optional(),
})

const token = z.string().max(64).optional()
export const BODIES = {
  create: JobSpec,
  reset: z.strictObject({ job_id: z.int(), new_settings: JobSpec }),
  runNow: z.strictObject({ job_id: z.int(), idempotency_token: token, job_parameters: Texts.optional() }),
  submit: z.strictObject({ ...common, run_name: z.string().optional(), tasks: z.array(Task).min(1).max(100), idempotency_token: token }),
  cancel: z.strictObject({ run_id: z.int() }),
  mkdirs: z.strictObject({ path: z.string().startsWith('/') }),
  import: z.strictObject({
    path: z.string().startsWith('/'),
    content: z.base64(),
    format: z.enum(['SOURCE', 'RAW', 'AUTO']),
    language: z.enum(['PYTHON', 'SQL', 'SCALA', 'R']).optional(),
    overwrite: z.boolean().optional(),
  }),
  createScope: z.strictObject({ scope: z.string(), scope_backend_type: z.string().optional(), initial_manage_principal: z.string().optional() }),
  putSecret: z.strictObject({ scope: z.string(), key: z.string(), string_value: z.string() }),
} as const

export type JobSpec = z.infer<typeof JobSpec>
export type Task = z.infer<typeof Task>
export type Submit = z.infer<(typeof BODIES)['submit']>
