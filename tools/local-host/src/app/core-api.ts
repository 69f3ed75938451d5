import Module from 'node:module'
import { HostError } from '../errors.ts'
import type { FunctionCallback, FunctionMetadata, HookCallback, HookContext, HookName, ProgrammingModel } from './core-types.ts'

const hookNames: readonly string[] = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] satisfies HookName[]

export interface RegisteredFunction {
  metadata: FunctionMetadata
  callback: FunctionCallback
}

/** What an app has registered so far: its functions, its hooks and the model that calls them. */
export class Registry {
  readonly functions = new Map<string, RegisteredFunction>()
  readonly hooks = new Map<HookName, HookCallback[]>()
  /** Shared by all hooks of the app for its whole life, as in the worker. */
  readonly appHookData: Record<string, unknown> = {}
  model: ProgrammingModel | undefined

  async runHooks(name: HookName, context: HookContext): Promise<void> {
    for (const callback of this.hooks.get(name) ?? []) await callback(context)
  }
}

/** Must be of the shape that `@azure/functions` asks for; undocumented there, taken from the cloud's worker. */
const coreApi = (registry: Registry, log: (level: string, category: string, message: string) => void) => ({
  version: '3.13.0',
  hostVersion: '4.1000.0',
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback) {
    if (registry.functions.has(metadata.name)) throw new Error(`A function with name "${metadata.name}" has already been registered.`)
    registry.functions.set(metadata.name, { metadata, callback })
    return new Disposable(() => registry.functions.delete(metadata.name))
  },
  registerHook(name: HookName, callback: HookCallback) {
    if (!hookNames.includes(name)) throw new RangeError(`Unrecognized hook "${name}"`)
    const list = registry.hooks.get(name) ?? []
    registry.hooks.set(name, list)
    list.push(callback)
    return new Disposable(() => list.splice(list.indexOf(callback), 1))
  },
  setProgrammingModel(model: ProgrammingModel) {
    registry.model = model
  },
  getProgrammingModel: () => registry.model,
  log,
  Disposable,
})

class Disposable {
  readonly #callback: () => unknown

  constructor(callback: () => unknown) {
    this.#callback = callback
  }

  dispose(): void {
    this.#callback()
  }
}

let injected = false

/**
 * Makes `require('@azure/functions-core')` answer, as the cloud's worker does: it is no npm package. @azure/functions keeps what it got,
 * so this can be done once a process. Throws HOST_ALREADY_STARTED.
 */
export function injectCoreApi(log: (level: string, category: string, message: string) => void): Registry {
  if (injected) throw new HostError('HOST_ALREADY_STARTED')
  injected = true
  const registry = new Registry()
  const api = coreApi(registry, log)
  const prototype = Module.prototype as { require: (this: unknown, id: string) => unknown }
  const original = prototype.require
  prototype.require = function (id) {
    return id === '@azure/functions-core' ? api : original.call(this, id)
  }
  return registry
}
