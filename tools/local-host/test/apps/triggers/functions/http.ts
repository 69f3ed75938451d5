import { app } from '@azure/functions'

app.http('open', { authLevel: 'anonymous', route: 'open', handler: () => ({ body: process.env['GREETING'] ?? '' }) })
app.http('keyed', { authLevel: 'function', route: 'keyed', handler: () => ({ body: 'in' }) })
app.http('admins', { authLevel: 'admin', route: 'admins', handler: () => ({ body: 'in' }) })
app.http('nothing', { route: 'nothing', handler: () => ({ status: 204 }) })
app.http('fails', {
  route: 'fails',
  handler: () => {
    throw new Error('secret detail')
  },
})
app.http('item', {
  route: 'items/{id:int}/{*path}',
  methods: ['PUT', 'GET'],
  handler: async (request) => ({
    status: 201,
    headers: { 'x-seen': request.headers.get('x-sent') ?? '' },
    cookies: [{ name: 'c', value: 'a b', httpOnly: true }],
    jsonBody: { params: { ...request.params }, q: request.query.get('q'), body: await request.text(), method: request.method },
  }),
})
app.http('exact', { route: 'items/7/exact', handler: () => ({ body: 'the literal' }) })
app.http('url', { route: 'url', handler: (request) => ({ body: request.url }) })
app.http('speaks', {
  route: 'speaks',
  handler: (_, context) => {
    context.warn('said by %s', 'the app')
    return { status: 204 }
  },
})
app.http('bytes', { route: 'bytes', methods: ['POST'], handler: async (request) => ({ body: Buffer.from(await request.arrayBuffer()) }) })
