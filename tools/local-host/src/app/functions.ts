import { HostError } from '../errors.ts'
import type { RegisteredFunction, Registry } from './core-api.ts'
import type { BindingInfo } from './core-types.ts'

export type FunctionKind = 'http' | 'timer' | 'blob' | 'activity' | 'orchestrator'

const kinds: Readonly<Record<string, FunctionKind>> = {
  httptrigger: 'http',
  timertrigger: 'timer',
  blobtrigger: 'blob',
  activitytrigger: 'activity',
  orchestrationtrigger: 'orchestrator',
}

export interface AppFunction extends RegisteredFunction {
  name: string
  kind: FunctionKind
  /** The trigger's binding name and options. */
  triggerName: string
  trigger: BindingInfo
  /** Names of the durableClient input bindings. */
  clientInputs: string[]
}

/** The functions that are not disabled; what this host cannot run is refused by name (HOST_FUNCTION_UNSUPPORTED), never passed over. */
export function usableFunctions(registry: Registry): Map<string, AppFunction> {
  const functions = new Map<string, AppFunction>()
  for (const [name, registered] of registry.functions) {
    if (!isDisabled(name)) functions.set(name, describe(name, registered))
  }
  return functions
}

const isDisabled = (name: string): boolean => /^(true|1)$/i.test(process.env[`AzureWebJobs.${name}.Disabled`] ?? '')

function describe(name: string, registered: RegisteredFunction): AppFunction {
  const refuse = (what: string): HostError => new HostError('HOST_FUNCTION_UNSUPPORTED', { name, what })
  const bindings = Object.entries(registered.metadata.bindings)
  const found = bindings.find(([, binding]) => /trigger$/i.test(binding.type))
  if (!found) throw refuse('no trigger')
  const [triggerName, trigger] = found
  const kind = kinds[trigger.type.toLowerCase()]
  if (!kind) throw refuse(`the trigger ${trigger.type}`)
  if (trigger['sdkBinding'] === true) throw refuse('sdkBinding')
  if (registered.metadata.retryOptions) throw refuse('a retry policy')
  const clientInputs: string[] = []
  for (const [bindingName, binding] of bindings) {
    if (bindingName === triggerName) continue
    if (binding.direction === 'in' && binding.type === 'durableClient') clientInputs.push(bindingName)
    else if (!(binding.direction === 'out' && binding.type.toLowerCase() === 'http')) throw refuse(`the binding ${binding.type}`)
  }
  return { ...registered, name, kind, triggerName, trigger, clientInputs }
}
