import type { AppFunction } from '../app/functions.ts'
import { HostError } from '../errors.ts'

const constraints: Readonly<Record<string, RegExp>> = {
  int: /^-?\d+$/,
  long: /^-?\d+$/,
  alpha: /^[a-z]+$/i,
  bool: /^(true|false)$/i,
  guid: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
}

interface Segment {
  kind: 'literal' | 'parameter' | 'rest'
  text: string
  constraint: RegExp | undefined
  optional: boolean
}

export interface Route {
  fn: AppFunction
  methods: string[]
  authLevel: 'anonymous' | 'function' | 'admin'
  segments: Segment[]
}

/** The routes of the app, most particular first: literals before parameters before `{*rest}`. */
export function compileRoutes(functions: Iterable<AppFunction>, prefix: string): Route[] {
  const routes: Route[] = []
  for (const fn of functions) {
    if (fn.kind !== 'http') continue
    const { route = fn.name, methods = [], authLevel = 'anonymous' } = fn.trigger as { route?: string; methods?: string[]; authLevel?: Route['authLevel'] }
    const segments = split(`${prefix}/${route}`).map((text) => compileSegment(text, fn.name))
    routes.push({ fn, methods: methods.map((method) => method.toUpperCase()), authLevel, segments })
  }
  return routes.sort((a, b) => rank(a).localeCompare(rank(b)))
}

const split = (path: string): string[] => path.split('/').filter((part) => part !== '')

const ranks = { literal: '0', parameter: '1', rest: '2' }
const rank = (route: Route): string => route.segments.map(({ kind }) => ranks[kind]).join('')

function compileSegment(text: string, name: string): Segment {
  const hole = /^\{(\*{0,2})(\w+)(?::(\w+))?(\?)?\}$/.exec(text)
  if (!hole) {
    if (/[{}]/.test(text)) throw new HostError('HOST_FUNCTION_UNSUPPORTED', { name, what: `the route segment ${text}` })
    return { kind: 'literal', text: text.toLowerCase(), constraint: undefined, optional: false }
  }
  const [, star, parameter = '', constraint, optional] = hole
  if (constraint !== undefined && !constraints[constraint]) throw new HostError('HOST_FUNCTION_UNSUPPORTED', { name, what: `the route constraint ${constraint}` })
  return {
    kind: star ? 'rest' : 'parameter',
    text: parameter,
    constraint: constraint === undefined ? undefined : constraints[constraint],
    optional: optional === '?' || star !== '',
  }
}

/** The route for a method and path, with its decoded parameters; undefined where there is none. A malformed escape is no match. */
export function matchRoute(routes: readonly Route[], method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
  let parts: string[]
  try {
    parts = split(path).map(decodeURIComponent)
  } catch {
    return undefined
  }
  for (const route of routes) {
    if (!route.methods.includes(method)) continue
    const params = matchSegments(route.segments, parts)
    if (params) return { route, params }
  }
  return undefined
}

function matchSegments(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = Object.create(null) as Record<string, string>
  const last = segments.at(-1)
  if (parts.length > segments.length && last?.kind !== 'rest') return undefined
  for (const [index, segment] of segments.entries()) {
    const value = segment.kind === 'rest' ? parts.slice(index).join('/') : parts[index]
    if (value === undefined || value === '') {
      if (!segment.optional) return undefined
    } else if (segment.kind === 'literal') {
      if (value.toLowerCase() !== segment.text) return undefined
    } else {
      if (segment.constraint && !segment.constraint.test(value)) return undefined
      params[segment.text] = value
    }
  }
  return params
}
