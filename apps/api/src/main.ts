import { connectBlobService, createBlobStore } from '@logpipe/storage'
import { stopWithParent } from '@logpipe/processes'
import { createServer } from './server.ts'

const { LOGPIPE_STORAGE = '', LOGPIPE_API_KEY = '', LOGPIPE_API_PORT = '0' } = process.env
if (LOGPIPE_API_KEY === '') throw new Error('LOGPIPE_API_KEY must be set')

const store = createBlobStore(await connectBlobService(LOGPIPE_STORAGE))
const server = createServer({ store, key: LOGPIPE_API_KEY })
stopWithParent(() => server.close())
const url = await server.listen({ host: '127.0.0.1', port: Number(LOGPIPE_API_PORT) })
process.stdout.write(`${JSON.stringify({ event: 'api-ready', url })}\n`)
