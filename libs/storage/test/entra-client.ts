import { asLogpipeError } from '@logpipe/core'
import { connectBlobService, createBlobStore } from '../src/index.ts'

// One client of entra.real.test.ts: says on stdout what it did, or the error as a person would see it.
const [url = ''] = process.argv.slice(2)

async function work(): Promise<object> {
  const store = createBlobStore(await connectBlobService(url))
  const made = await store.ensureContainers()
  const ref = { container: 'bronze', name: 'a/b' }
  const { outcome } = await store.create(ref, Buffer.from('by Entra'))
  const text = String((await store.readSmall(ref))?.body)
  const names: string[] = []
  for await (const blob of store.list('bronze', '', { skip: '_runs/' })) names.push(blob.name)
  return { made, outcome, text, names, again: (await store.create(ref, Buffer.from('x'))).outcome }
}

const said = await work().catch((thrown: unknown) => {
  const error = asLogpipeError(thrown, 'client')
  return { error: { ...error.toDocument(), all: `${JSON.stringify(error.toDocument())} ${error.message}` } }
})
process.stdout.write(JSON.stringify(said))
