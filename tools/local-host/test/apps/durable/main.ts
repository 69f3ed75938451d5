import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { app } from '@azure/functions'
import * as df from 'durable-functions'

/** Effects are lines of the file EFFECTS, so that a test sees them from outside and after a kill. */
const effect = (line: string): void => appendFileSync(process.env['EFFECTS'] ?? '', `${line}\n`)

app.http('start', {
  route: 'start/{name}',
  methods: ['POST'],
  authLevel: 'anonymous',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context)
    const instanceId = request.query.get('id') ?? undefined
    const id = await client.startNew(request.params['name'] ?? '', { ...(instanceId && { instanceId }), input: await request.json() })
    return client.createCheckStatusResponse(request, id)
  },
})

// The client's other calls, each by its own name: POST /api/client/{call} with the arguments as JSON.
app.http('client', {
  route: 'client/{call}',
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
    try {
      const result = await client[request.params['call'] ?? '']?.(...((await request.json()) as unknown[]))
      return { jsonBody: { result } }
    } catch (error) {
      return { status: 400, jsonBody: { error: error instanceof Error ? error.message : String(error) } }
    }
  },
})

app.http('touch', {
  methods: ['POST'],
  handler: async (request) => {
    writeFileSync((await request.json()) as string, '')
    return { status: 204 }
  },
})

df.app.activity('echo', { handler: (input: unknown) => ({ got: input }) })
df.app.activity('mark', { handler: (line: string) => effect(line) })
df.app.activity('square', {
  handler: async (n: number) => {
    await delay(20)
    effect(`square ${n}`)
    return n * n
  },
})
const attempts = new Map<string, number>()
df.app.activity('flaky', {
  handler: ({ key, failures }: { key: string; failures: number }) => {
    const attempt = (attempts.get(key) ?? 0) + 1
    attempts.set(key, attempt)
    effect(`flaky ${key} ${attempt}`)
    if (attempt <= failures) throw new Error(`boom ${attempt}`)
    return attempt
  },
})
// Begins, then waits until the file it is given is there.
df.app.activity('gate', {
  handler: async (file: string) => {
    effect(`gate begins`)
    while (!existsSync(file)) await delay(20)
    effect(`gate ends`)
    return 'open'
  },
})
// Fails until the file it is given is there: somebody has mended it.
df.app.activity('mendable', {
  handler: (file: string) => {
    effect('mendable tried')
    if (!existsSync(file)) throw new Error('not mended')
    return 'mended'
  },
})
df.app.activity('busy', {
  handler: async () => {
    effect('busy begins')
    await delay(30)
    effect('busy ends')
  },
})
df.app.activity('killer', {
  handler: async () => {
    effect('killer runs')
    await delay(200) // the host says that it is ready, and the call that started this is answered
    process.kill(process.pid, 'SIGKILL')
  },
})
df.app.activity('forever', { handler: () => delay(60_000, undefined, { ref: false }) })

df.app.orchestration('echoes', function* (context) {
  const inputs: unknown[] = ['text', '{"a":1}', 5, { a: [1] }, null]
  const outputs: unknown[] = []
  for (const input of inputs) outputs.push(yield context.df.callActivity('echo', input))
  return { input: context.df.getInput(), outputs, id: context.df.instanceId }
})

df.app.orchestration('fanOut', function* (context) {
  const n = context.df.getInput<number>()
  const trace: string[] = [context.df.newGuid('x'), context.df.currentUtcDateTime.toISOString()]
  context.df.setCustomStatus({ stage: 'squares', n })
  const squares = (yield context.df.Task.all(Array.from({ length: n }, (_, i) => context.df.callActivity('square', i)))) as number[]
  trace.push(context.df.newGuid('x'))
  for (let i = 0; i < n; i++) yield context.df.callActivity('mark', `step ${i} ${trace.join(' ')}`)
  context.df.setCustomStatus({ stage: 'done' })
  return squares.reduce((sum, square) => sum + square, 0)
})

df.app.orchestration('retries', function* (context) {
  const { key, failures, attempts: tries } = context.df.getInput<{ key: string; failures: number; attempts: number }>()
  const options = new df.RetryOptions(10, tries)
  options.backoffCoefficient = 2
  const flaky = context.df.callActivityWithRetry('flaky', options, { key, failures })
  const [first, second] = (yield context.df.Task.all([flaky, context.df.callActivity('echo', 1)])) as [number, unknown]
  yield context.df.callActivity('mark', 'after retries')
  return { first, second }
})

df.app.orchestration('caught', function* (context) {
  try {
    yield context.df.callActivity('flaky', { key: context.df.instanceId, failures: 9 })
  } catch (error) {
    return (error as Error).message
  }
  return 'not reached'
})

df.app.orchestration('throws', function* (context) {
  context.df.setCustomStatus('before the end')
  yield context.df.callActivity('echo', 1)
  throw new Error('told so')
})

df.app.orchestration('approval', function* (context) {
  const patience = context.df.getInput<number>()
  const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + patience))
  const approval = context.df.waitForExternalEvent('approve')
  const winner = (yield context.df.Task.any([approval, timer])) as unknown
  if (winner === timer) return 'timed out'
  timer.cancel()
  return { approved: approval.result }
})

df.app.orchestration('lateWait', function* (context) {
  context.df.setCustomStatus('at the gate')
  yield context.df.callActivity('gate', context.df.getInput<string>())
  return (yield context.df.waitForExternalEvent('approve')) as unknown
})

// Each Task.any names the tasks that are left again: the host must not run them a second time.
df.app.orchestration('race', function* (context) {
  let open = [1, 2, 3].map((n) => context.df.callActivity('square', n))
  let sum = 0
  while (open.length > 0) {
    const winner = (yield context.df.Task.any(open)) as (typeof open)[number]
    sum += winner.result as number
    open = open.filter((task) => task !== winner)
  }
  yield context.df.callActivity('mark', 'race over')
  return sum
})

df.app.orchestration('gated', function* (context) {
  yield context.df.callActivity('mark', 'before gate')
  const result = (yield context.df.callActivity('gate', context.df.getInput<string>())) as string
  yield context.df.callActivity('mark', 'after gate')
  return result
})

df.app.orchestration('parent', function* (context) {
  const good = (yield context.df.callSubOrchestrator('child', 'sub', `${context.df.instanceId}-child`)) as unknown
  try {
    yield context.df.callSubOrchestratorWithRetry('throws', new df.RetryOptions(10, 2), null)
  } catch (error) {
    return { good, failed: (error as Error).message }
  }
  return 'not reached'
})
df.app.orchestration('child', function* (context) {
  return (yield context.df.callActivity('echo', context.df.getInput())) as unknown
})

df.app.orchestration('countDown', function* (context) {
  const n = context.df.getInput<number>()
  yield context.df.callActivity('mark', `count ${n}`)
  if (n === 0) return 'lift-off'
  context.df.continueAsNew(n - 1)
  return undefined
})

df.app.orchestration('crowd', function* (context) {
  context.df.setCustomStatus('crowded')
  yield context.df.Task.all(Array.from({ length: context.df.getInput<number>() }, () => context.df.callActivity('busy')))
})
df.app.orchestration('mending', function* (context) {
  yield context.df.callActivity('mark', 'before')
  const result = (yield context.df.callActivity('mendable', context.df.getInput())) as string
  yield context.df.callActivity('mark', 'after')
  return result
})
// The gate ends while the last failure of the other still backs off, or before, or after.
df.app.orchestration('mendingRetry', function* (context) {
  const { file, gate } = context.df.getInput<{ file: string; gate: string }>()
  const mended = context.df.callActivityWithRetry('mendable', new df.RetryOptions(20, 3), file)
  const other = context.df.callActivity('gate', gate)
  const timer = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 10))
  const results = (yield context.df.Task.all([mended, other, timer])) as unknown[]
  yield context.df.callActivity('mark', 'after')
  return results.slice(0, 2)
})
df.app.orchestration('mendingParent', function* (context) {
  return (yield context.df.callSubOrchestrator('mending', context.df.getInput(), `${context.df.instanceId}-child`)) as unknown
})
// Stands for code that is mended between two turns.
df.app.orchestration('faulty', function* (context) {
  const file = context.df.getInput<string>()
  yield context.df.callActivity('mark', 'before')
  if (!existsSync(file)) throw new Error('a bug')
  yield context.df.callActivity('mark', 'after')
  return 'mended'
})
df.app.orchestration('kills', function* (context) {
  try {
    yield context.df.callActivity('killer')
  } catch (error) {
    return (error as Error).message
  }
  return 'not reached'
})
// As much as a run of the pipeline: ten activities with counts of all stages, and a status that tells them.
df.app.orchestration('likeARun', function* (context) {
  const stages: Record<string, unknown>[] = []
  for (let n = 0; n < 10; n++) {
    stages.push({ name: `stage-${n}`, status: 'succeeded', startedAt: context.df.currentUtcDateTime.toISOString(), attempts: 1, counts: { lines: 1000 + n, parsed: 999, rejected: n }, warnings: [], error: null })
    context.df.setCustomStatus({ id: context.df.instanceId, stages })
    yield context.df.callActivity('echo', { id: context.df.instanceId, n, done: stages.slice(-3) })
  }
  return { status: 'succeeded' }
})
// In one deployment and not in the next.
if (process.env['RETIRED'] === undefined) {
  df.app.orchestration('retired', function* (context) {
    yield context.df.callActivity('mark', 'begun')
    return (yield context.df.callActivity('gate', context.df.getInput<string>())) as unknown
  })
}

df.app.orchestration('slow', function* (context) {
  yield context.df.callActivity('forever')
})
df.app.orchestration('unknownActivity', function* (context) {
  yield context.df.callActivity('nobody')
})
df.app.orchestration('http', function* (context) {
  yield context.df.callHttp({ method: 'GET', url: 'http://192.0.2.1/' })
})
df.app.orchestration('signals', function* (context) {
  context.df.signalEntity(new df.EntityId('counter', 'one'), 'add', 1)
  yield context.df.callActivity('echo', 1)
})
df.app.orchestration('fickle', function* (context) {
  yield context.df.callActivity(process.env['FICKLE'] === existsAsText() ? 'echo' : 'mark', 'first')
  yield context.df.callActivity('echo', 2)
})
/** Changes between the first turn and the replay: the orchestrator's own sin. */
const existsAsText = (): string => {
  process.env['FICKLE'] = process.env['FICKLE'] === 'a' ? 'b' : 'a'
  return 'b'
}
