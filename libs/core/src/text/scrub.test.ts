import { expect, test } from 'vitest'
import { scrub } from './scrub.ts'

const KEY = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ='
test.each([
  [`https://a.blob.core.windows.net/c/b?sv=2024&sig=${KEY}&se=2026`, 'https://a.blob.core.windows.net/c/b?sv=2024&sig=***&se=2026'],
  [`DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${KEY};EndpointSuffix=x`, 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=***;EndpointSuffix=x'],
  [`authorization: Bearer ${KEY}`, 'authorization: Bearer ***'],
  ['token dapi0123456789abcdef0123456789abcdef-2 refused', 'token dapi*** refused'],
  ['eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl', 'eyJ***'],
  ['Failed password for root from 192.0.2.7', 'Failed password for root from 192.0.2.7'],
])('%s', (text, clean) => {
  expect(scrub(text)).toBe(clean)
})
