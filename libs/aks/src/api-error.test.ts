import { ApiException } from '@kubernetes/client-node'
import { expect, test } from 'vitest'
import { clusterError, coded } from './api-error.ts'

const answer = (code: number, body: unknown): ApiException<unknown> => new ApiException(code, 'refused', JSON.stringify(body), {})

test.each([
  [401, 'CLUSTER_LOGIN_REFUSED'],
  [403, 'CLUSTER_FORBIDDEN'],
  [422, 'MANIFEST_REFUSED'],
  [429, 'CLUSTER_UNREACHABLE'],
  [500, 'MANIFEST_REFUSED'],
  [503, 'CLUSTER_UNREACHABLE'],
])('%i becomes %s', (status, code) => {
  expect(clusterError(answer(status, { message: 'why' }), 'Service/api')).toMatchObject({ code, fields: { detail: 'why' } })
})

test('an answer without a body is told by its status', () => {
  expect(clusterError(new ApiException(401, 'refused', undefined, {}), 'x')).toMatchObject({ code: 'CLUSTER_LOGIN_REFUSED', fields: { detail: 'status 401' } })
})

test('a conflict names each field and its owner', () => {
  const causes = [{ reason: 'FieldManagerConflict', message: 'conflict with "helm"', field: '.spec.replicas' }]
  expect(clusterError(answer(409, { message: 'conflict', details: { causes } }), 'Deployment/api')).toMatchObject({
    code: 'FIELD_CONFLICT',
    fields: { object: 'Deployment/api', fields: '.spec.replicas (conflict with "helm")' },
  })
})

test('what never reached the server says why', () => {
  const error = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
  expect(clusterError(error, 'the plan')).toMatchObject({ code: 'CLUSTER_UNREACHABLE', fields: { what: 'the plan', detail: 'fetch failed: connect ECONNREFUSED' } })
})

test("an abort stays the caller's own", async () => {
  await expect(coded('x', () => Promise.reject(new DOMException('stop', 'AbortError')))).rejects.toMatchObject({ name: 'AbortError' })
})
