import fastify from 'fastify'

/** The yardstick: a process of its own with bare Fastify routes that answer a text they are given. One reads, one parses a JSON body. */
const server = fastify()
const texts = new Map<string, string>()
process.on('message', ({ name, text }: { name: string; text: string }) => {
  texts.set(name, text)
  process.send?.('set')
})
server.get('/read', (_request, reply) => reply.type('application/json; charset=utf-8').send(texts.get('read')))
server.post('/score', (_request, reply) => reply.type('application/json; charset=utf-8').send(texts.get('score')))
process.on('disconnect', () => process.exit(0))
process.send?.(await server.listen({ host: '127.0.0.1', port: 0 }))
