import { stopWithParent } from '@logpipe/processes'
import { connectBlobService, createBlobStore } from '@logpipe/storage'
import { createServer } from './server.ts'
import { readSettings } from './settings.ts'

const { storage, port, bind, ...settings } = readSettings(process.env)
const store = createBlobStore(await connectBlobService(storage))
const server = await createServer({
  ...settings,
  store,
  definition: async () => (await import('@logpipe/definition')).loadDefinition(process.env['LOGPIPE_PIPELINE_DIR']),
  log: (entry) => process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`),
})
stopWithParent(() => server.close())
const url = await server.listen({ host: bind, port })
process.stdout.write(`${JSON.stringify({ event: 'api-ready', url })}\n`)
