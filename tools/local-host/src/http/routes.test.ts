import { expect, test } from 'vitest'
import type { AppFunction } from '../app/functions.ts'
import { compileRoutes, matchRoute } from './routes.ts'

const fn = (name: string, route?: string, methods = ['GET']): AppFunction =>
  ({ name, kind: 'http', trigger: { type: 'httpTrigger', direction: 'in', methods, ...(route !== undefined && { route }) } }) as unknown as AppFunction
const found = (routes: AppFunction[], path: string, prefix = 'api') => {
  const match = matchRoute(compileRoutes(routes, prefix), 'GET', path)
  return match && [match.route.fn.name, { ...match.params }]
}

test('the default route is the function name', () => {
  expect(found([fn('Hello')], '/api/hello')).toEqual(['Hello', {}])
})

test('an empty prefix puts routes at the root', () => {
  expect(found([fn('a', 'x/{y}')], '/x/1', '')).toEqual(['a', { y: '1' }])
})

test('the most particular route wins, whatever the order of registration', () => {
  const routes = [fn('rest', '{*all}'), fn('hole', 'runs/{id}'), fn('literal', 'runs/latest')]
  expect(found(routes, '/api/runs/latest')).toEqual(['literal', {}])
  expect(found(routes, '/api/runs/7')).toEqual(['hole', { id: '7' }])
  expect(found(routes, '/api/runs/7/x')).toEqual(['rest', { all: 'runs/7/x' }])
})

test('an optional parameter may be left out', () => {
  expect(found([fn('a', 'runs/{id?}')], '/api/runs')).toEqual(['a', {}])
})

test('a parameter that is named like a property of objects is a plain value', () => {
  expect(found([fn('a', '{__proto__}')], '/api/x')?.[0]).toBe('a')
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
})

test.each(['a{b}', '{a:datetime}', '{a}-{b}'])('route %s is refused by name', (route) => {
  expect(() => compileRoutes([fn('f', route)], 'api')).toThrow(/HOST_FUNCTION_UNSUPPORTED.*Function f/)
})
