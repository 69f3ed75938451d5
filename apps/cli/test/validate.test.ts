import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startAzurite } from '@logpipe/azurite'
import { findPart, latestPointer, type ObjectStore } from '@logpipe/core'
import { connectBlobService, createBlobStore } from '@logpipe/storage'
import { beforeAll, expect, test } from 'vitest'
import { useHome } from './logpipe.ts'

const home = useHome()
const line = (minute: number, message: string): string => `Jan  5 10:${String(minute).padStart(2, '0')}:00 web-1 sshd[${7 + minute}]: ${message}\n`
const log = [0, 1, 2, 3, 4, 5, 6].map((minute) => line(minute, `Failed password for invalid user =u${minute} from 192.0.2.7 port 50022 ssh2`)).join('') + line(9, 'Accepted password for alice from 198.51.100.4 port 50022 ssh2')

interface Envelope {
  readonly data: { readonly passed: boolean; readonly checks: { id: string; ok: boolean; error?: { code: string; fix: string } }[] }
}
const validate = async (...words: string[]): Promise<{ code: number | null; failed: Record<string, string | undefined> }> => {
  const { code, stdout } = await home.logpipe('validate', ...words, '--json')
  const { checks } = (JSON.parse(stdout) as Envelope).data
  return { code, failed: Object.fromEntries(checks.filter(({ ok }) => !ok).map(({ id, error }) => [id, error?.code])) }
}

/** Does something to the storage while no logpipe uses it. */
async function tamper(work: (store: ObjectStore) => Promise<void>): Promise<void> {
  const azurite = await startAzurite({ dir: join(home.dir, 'home', 'storage') })
  try {
    await work(createBlobStore(await connectBlobService(azurite.connection)))
  } finally {
    await azurite.stop()
  }
}
const text = async (store: ObjectStore, ref: { container: string; name: string }): Promise<string> => Buffer.from((await store.readSmall(ref))?.body ?? []).toString()

beforeAll(async () => {
  await writeFile(join(home.dir, 'one.log'), log)
  expect((await home.logpipe('run', join(home.dir, 'one.log'))).code).toBe(0)
})

test('a good run passes every check, in all forms', async () => {
  expect(await validate()).toEqual({ code: 0, failed: {} })
  const { stdout } = await home.logpipe('validate', '--junit', 'junit.xml', '--markdown', 'summary.md')
  expect(stdout).toMatch(/recount:scores +2 addresses/)
  expect(await readFile(join(home.dir, 'junit.xml'), 'utf8')).toMatch(/tests="(\d+)" failures="0"/)
  expect(await readFile(join(home.dir, 'summary.md'), 'utf8')).toContain(': passed')
})

test('one changed byte, a missing output, a model that was cut: each is named, and mended as the words say', async () => {
  const wrong: Record<string, string> = {}
  await tamper(async (store) => {
    const pointer = await latestPointer(store)
    if (pointer === null) throw new Error('nothing is published')
    const [events, detections, model] = await Promise.all(['events', 'detections', 'model_values'].map((output) => findPart(store, pointer, output)))
    if (!events || !detections || !model) throw new Error('an output is missing')
    await store.put(events, Buffer.from((await text(store, events)).replace('"port":50022', '"port":50023')))
    await store.remove(detections)
    await store.put(model, Buffer.from((await text(store, model)).slice(0, -5)))
    Object.assign(wrong, { 'part:events': 'OUTPUT_CORRUPT', 'part:detections': 'OUTPUT_MISSING', 'part:model_values': 'OUTPUT_CORRUPT', 'model-loads': 'MODEL_NOT_VALID' })
  })
  expect(await validate()).toEqual({ code: 4, failed: wrong })
  // The printed mend.
  await writeFile(join(home.dir, 'one.log'), `${log}\n`)
  expect((await home.logpipe('run', join(home.dir, 'one.log'))).code).toBe(0)
  expect(await validate()).toEqual({ code: 0, failed: {} })
})

test('gold that does not follow from silver is found, though every hash is right', async () => {
  await tamper(async (store) => {
    const pointer = await latestPointer(store)
    const ref = pointer?.manifests.find(({ layer }) => layer === 'gold')
    if (!pointer || !ref) throw new Error('nothing is published')
    const part = await findPart(store, pointer, 'activity_by_address')
    const body = Buffer.from((await text(store, part)).replace(/(192\.0\.2\.7,\d+,\d+,\d+,)7/, '$16'))
    await store.put(part, body)
    const manifest = await text(store, ref)
    await store.put(ref, Buffer.from(manifest.replace(part.sha256, createHash('sha256').update(body).digest('hex'))))
  })
  expect(await validate()).toEqual({ code: 4, failed: { recorded: 'OUTPUT_NOT_VALID', 'totals:activity_by_address': 'COUNTS_DIFFER', 'recount:activity_by_address': 'COUNTS_DIFFER' } })
})

test('a run that there is not', async () => {
  const { code, stdout } = await home.logpipe('validate', 'nobody', '--json')
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'RUN_NOT_FOUND' } })
})
