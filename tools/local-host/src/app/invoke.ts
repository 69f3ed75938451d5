import { randomUUID } from 'node:crypto'
import { HostError } from '../errors.ts'
import type { Log, LogLevel } from '../types.ts'
import type { Registry } from './core-api.ts'
import type { CoreInvocationContext, InvocationRequest, TypedData } from './core-types.ts'
import type { AppFunction } from './functions.ts'

export interface InvocationInput {
  /** Data of the trigger binding. */
  trigger: TypedData
  triggerMetadata?: Record<string, TypedData>
  traceParent?: string | undefined
}

export interface Invocation {
  /** What the function returned (after the postInvocation hooks), with the identity of its objects kept. */
  result: unknown
  /** The same in the worker's wire form: for http the answer. */
  response(): Promise<TypedData | null | undefined>
}

export type Invoke = (fn: AppFunction, input: InvocationInput) => Promise<Invocation>

const levels: Readonly<Record<string, LogLevel>> = { trace: 'debug', debug: 'debug', information: 'info', warning: 'warn', error: 'error', critical: 'error' }

/** Calls functions as the cloud's Node worker does: arguments, preInvocation hooks, the handler, postInvocation hooks, the response. */
export function createInvoke(registry: Registry, log: Log, clientData: () => string, timeoutMs: number): Invoke {
  return async (fn, input) => {
    const model = registry.model
    if (!model) throw new Error('The programming model is not set')
    const invocationId = randomUUID()
    // What all hooks of one invocation get; the context is there once the arguments are.
    const shared: { hookData: object; appHookData: object; invocationContext: unknown } = { hookData: {}, appHookData: registry.appHookData, invocationContext: undefined }
    const request: InvocationRequest = {
      inputData: [{ name: fn.triggerName, data: input.trigger }, ...fn.clientInputs.map((name) => ({ name, data: { json: clientData() } }))],
      ...(input.triggerMetadata && { triggerMetadata: input.triggerMetadata }),
      ...(input.traceParent && { traceContext: { traceParent: input.traceParent } }),
    }
    const core: CoreInvocationContext = {
      invocationId,
      request,
      metadata: fn.metadata,
      state: undefined,
      log(level, category, text) {
        const entry = { ...shared, level, category, message: text }
        for (const hook of registry.hooks.get('log') ?? []) hook(entry)
        log({ level: levels[entry.level] ?? 'info', event: category === 'user' ? 'app-log' : 'worker-log', message: entry.message, function: fn.name, invocationId })
      },
    }
    const invocation = model.getInvocationModel(core)
    const { context, inputs } = await invocation.getArguments()
    shared.invocationContext = context

    core.state = 'preInvocationHooks'
    const before = { ...shared, inputs, functionCallback: fn.callback }
    await registry.runHooks('preInvocation', before)

    core.state = 'invocation'
    const after: { result: unknown; error: unknown; inputs: unknown[] } = { ...shared, inputs: before.inputs, result: null, error: null }
    try {
      after.result = await withTimeout(invocation.invokeFunction(context, before.inputs, before.functionCallback), fn.name, timeoutMs)
    } catch (error) {
      after.error = error instanceof Error ? error : new Error(String(error))
    }
    core.state = 'postInvocationHooks'
    await registry.runHooks('postInvocation', after)
    core.state = undefined
    if (after.error instanceof Error) throw after.error
    return { result: after.result, response: async () => (await invocation.getResponse(context, after.result)).returnValue }
  }
}

/** setTimeout's limit, 24.8 days. */
const longestTimer = 2 ** 31 - 1

/** The cloud kills the worker at functionTimeout; here the code cannot be stopped, so its late result is dropped. */
async function withTimeout<T>(work: Promise<T>, name: string, timeoutMs: number): Promise<T> {
  if (timeoutMs > longestTimer) return work
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HostError('HOST_FUNCTION_TIMEOUT', { name, seconds: timeoutMs / 1000 })), timeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
