/** The part of the worker's `@azure/functions-core` contract that the host and the programming model share. */

export interface TypedData {
  string?: string
  json?: string
  bytes?: Uint8Array
  int?: number
  double?: number
  http?: HttpData
}

export interface HttpData {
  method?: string
  url?: string
  headers?: Record<string, string>
  params?: Record<string, string>
  query?: Record<string, string>
  body?: TypedData
  statusCode?: string
  cookies?: Cookie[]
}

interface Nullable<T> {
  value: T
}

export interface Cookie {
  name: string
  value: string
  domain?: Nullable<string>
  path?: Nullable<string>
  expires?: Nullable<{ seconds: number }>
  secure?: Nullable<boolean>
  httpOnly?: Nullable<boolean>
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone'
  maxAge?: Nullable<number>
}

export interface BindingInfo {
  type: string
  direction: 'in' | 'out'
  [option: string]: unknown
}

export interface FunctionMetadata {
  name: string
  bindings: Record<string, BindingInfo>
  retryOptions?: unknown
}

export type FunctionCallback = (...args: unknown[]) => unknown

export interface InvocationRequest {
  inputData: { name: string; data: TypedData }[]
  triggerMetadata?: Record<string, TypedData>
  traceContext?: { traceParent: string }
}

export interface CoreInvocationContext {
  invocationId: string
  request: InvocationRequest
  metadata: FunctionMetadata
  state: 'preInvocationHooks' | 'postInvocationHooks' | 'invocation' | undefined
  log(level: string, category: string, message: string): void
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: TypedData | null }>
}

export interface ProgrammingModel {
  name: string
  version: string
  getInvocationModel(context: CoreInvocationContext): InvocationModel
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>
}

export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation' | 'log'
export type HookContext = Record<string, unknown>
export type HookCallback = (context: HookContext) => unknown
