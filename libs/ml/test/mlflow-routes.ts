import { z } from 'zod'

interface Run {
  readonly id: string
  readonly experiment: string
  readonly name: string
  readonly start: number
  end: number | null
  status: string
  deleted: boolean
  readonly params: Map<string, string>
  /** Distinct values, as MLflow's store keeps them. */
  readonly metrics: Map<string, Set<string>>
  readonly tags: Map<string, string>
}
interface Version {
  readonly version: number
  readonly source: string
  readonly runId: string
  readonly tags: ReadonlyMap<string, string>
}

/** What the double knows. */
export interface World {
  readonly experiments: Map<string, string>
  readonly runs: Map<string, Run>
  readonly models: Map<string, { versions: Version[]; aliases: Map<string, string>; last: number }>
  readonly artifacts: Map<string, Buffer>
  next: number
}

interface Answer {
  readonly status: number
  readonly body: object
}
/** Method, path, shape of the body (of the query for GET), work. */
type Route = readonly [method: string, pattern: RegExp, shape: z.ZodType, work: (world: World, input: never, url: URL) => Answer]

const route = <T>(method: string, path: string | RegExp, shape: z.ZodType<T>, work: (world: World, input: T, url: URL) => Answer): Route => [
  method,
  typeof path === 'string' ? new RegExp(`^/api/2\\.0/mlflow/${path}$`) : path,
  shape,
  work,
]

const ok = (body: object = {}): Answer => ({ status: 200, body })
const error = (status: number, code: string, message: string = code): Answer => ({ status, body: { error_code: code, message } })
const Tags = z.array(z.strictObject({ key: z.string(), value: z.string() }))
const toMap = (tags: z.infer<typeof Tags>): Map<string, string> => new Map(tags.map(({ key, value }) => [key, value]))

/** `tags.\`k\` = 'v' AND …`; true for tags that carry all. */
function fitting(filter: string): (tags: ReadonlyMap<string, string>) => boolean {
  const wanted = [...filter.matchAll(/tags\.`([^`]+)` = '([^']*)'/g)].map(([, key, value]) => [key!, value!] as const)
  return (tags) => wanted.every(([key, value]) => tags.get(key) === value)
}

const uri = (run: Run): string => `mlflow-artifacts:/${run.experiment}/${run.id}/artifacts`
const runInfo = (run: Run): object => ({ info: { run_id: run.id, status: run.status, artifact_uri: uri(run), start_time: run.start }, data: {} })
const active = (world: World, id: string, work: (run: Run) => Answer): Answer => {
  const run = world.runs.get(id)
  if (!run) return error(404, 'RESOURCE_DOES_NOT_EXIST')
  return run.deleted ? error(400, 'INVALID_PARAMETER_VALUE', 'The run must be in the active state.') : work(run)
}

export const ROUTES: readonly Route[] = [
  route('GET', 'experiments/get-by-name', z.strictObject({ experiment_name: z.string() }), (world, { experiment_name: name }) => {
    const id = world.experiments.get(name)
    return id === undefined ? error(404, 'RESOURCE_DOES_NOT_EXIST') : ok({ experiment: { experiment_id: id, name, lifecycle_stage: 'active' } })
  }),
  route('POST', 'experiments/create', z.strictObject({ name: z.string() }), (world, { name }) => {
    if (world.experiments.has(name)) return error(400, 'RESOURCE_ALREADY_EXISTS')
    world.experiments.set(name, String(world.next++))
    return ok({ experiment_id: world.experiments.get(name) })
  }),
  route('POST', 'runs/search', z.strictObject({ experiment_ids: z.array(z.string()), filter: z.string(), max_results: z.int() }), (world, input) => {
    const fits = fitting(input.filter)
    const found = [...world.runs.values()].filter((run) => !run.deleted && input.experiment_ids.includes(run.experiment) && fits(run.tags))
    return ok(found.length === 0 ? {} : { runs: found.slice(0, input.max_results).map(runInfo) })
  }),
  route('POST', 'runs/create', z.strictObject({ experiment_id: z.string(), run_name: z.string(), start_time: z.int(), tags: Tags }), (world, input) => {
    const id = (world.next++).toString(16).padStart(32, '0')
    const run: Run = {
      id, experiment: input.experiment_id, name: input.run_name, start: input.start_time, end: null, status: 'RUNNING', deleted: false,
      params: new Map(), metrics: new Map(), tags: toMap(input.tags),
    }
    world.runs.set(id, run)
    return ok({ run: runInfo(run) })
  }),
  route(
    'POST',
    'runs/log-batch',
    z.strictObject({ run_id: z.string(), params: Tags, metrics: z.array(z.strictObject({ key: z.string(), value: z.number(), timestamp: z.int(), step: z.int() })), tags: Tags }),
    (world, input) =>
      active(world, input.run_id, (run) => {
        for (const { key, value } of input.params) if ((run.params.get(key) ?? value) !== value) return error(400, 'INVALID_PARAMETER_VALUE', `Changing param ${key}`)
        for (const { key, value } of input.params) run.params.set(key, value)
        for (const { key, value } of input.tags) run.tags.set(key, value)
        for (const { key, ...value } of input.metrics) run.metrics.set(key, (run.metrics.get(key) ?? new Set()).add(JSON.stringify(value)))
        return ok()
      }),
  ),
  route('POST', 'runs/update', z.strictObject({ run_id: z.string(), status: z.literal('FINISHED'), end_time: z.int() }), (world, input) =>
    active(world, input.run_id, (run) => {
      run.status = input.status
      run.end = input.end_time
      return ok({ run_info: {} })
    }),
  ),
  route('POST', 'runs/delete', z.strictObject({ run_id: z.string() }), (world, input) =>
    active(world, input.run_id, (run) => {
      run.deleted = true
      return ok()
    }),
  ),
  route('PUT', /^\/api\/2\.0\/mlflow-artifacts\/artifacts\//, z.any(), (world, bytes: Buffer, url) => {
    world.artifacts.set(url.pathname.split('/artifacts/').slice(1).join('/artifacts/'), bytes)
    return ok()
  }),
  route('POST', 'registered-models/create', z.strictObject({ name: z.string() }), (world, { name }) => {
    if (world.models.has(name)) return error(400, 'RESOURCE_ALREADY_EXISTS')
    world.models.set(name, { versions: [], aliases: new Map(), last: 0 })
    return ok({ registered_model: { name } })
  }),
  route('GET', 'model-versions/search', z.strictObject({ filter: z.string().regex(/^name = '[^']+' AND /), max_results: z.string() }), (world, { filter }) => {
    const fits = fitting(filter)
    const found = (world.models.get(/name = '([^']+)'/.exec(filter)![1]!)?.versions ?? []).filter(({ tags }) => fits(tags))
    // Newest first, as MLflow gives them.
    return ok(found.length === 0 ? {} : { model_versions: found.map(({ version }) => ({ version: String(version) })).reverse() })
  }),
  route('POST', 'model-versions/create', z.strictObject({ name: z.string(), source: z.string(), run_id: z.string(), tags: Tags }), (world, input) => {
    const model = world.models.get(input.name)
    const run = world.runs.get(input.run_id)
    if (!model || !run) return error(404, 'RESOURCE_DOES_NOT_EXIST')
    if (!input.source.startsWith(`${uri(run)}/`)) return error(400, 'INVALID_PARAMETER_VALUE', 'source is not within the run')
    model.last += 1
    model.versions.push({ version: model.last, source: input.source, runId: run.id, tags: toMap(input.tags) })
    return ok({ model_version: { version: String(model.last) } })
  }),
  route('DELETE', 'model-versions/delete', z.strictObject({ name: z.string(), version: z.string() }), (world, input) => {
    const model = world.models.get(input.name)
    if (!model) return error(404, 'RESOURCE_DOES_NOT_EXIST')
    model.versions = model.versions.filter(({ version }) => String(version) !== input.version)
    return ok()
  }),
  route('POST', 'registered-models/alias', z.strictObject({ name: z.string(), alias: z.string(), version: z.string() }), (world, input) => {
    const model = world.models.get(input.name)
    if (!model?.versions.some(({ version }) => String(version) === input.version)) return error(404, 'RESOURCE_DOES_NOT_EXIST')
    model.aliases.set(input.alias, input.version)
    return ok()
  }),
]
