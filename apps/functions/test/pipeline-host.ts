import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Azurite, startAzurite } from '@logpipe/azurite'
import { places, readDocument, Report, runIdentity, RunRecord, TERMINAL } from '@logpipe/core'
import { type RunningProcess, startProcess } from '@logpipe/processes'
import { type BlobStore, connectBlobService, createBlobStore } from '@logpipe/storage'

interface Ready {
  url: string
  functionKey: string
}

/** The functions app in the local host on a real Azurite, in a folder of its own. */
export class PipelineHost {
  readonly dir: string
  readonly azurite: Azurite
  readonly store: BlobStore
  #host: RunningProcess<Ready> | undefined

  constructor(dir: string, azurite: Azurite, store: BlobStore) {
    this.dir = dir
    this.azurite = azurite
    this.store = store
  }

  static async start(env: Record<string, string> = {}): Promise<PipelineHost> {
    const pipeline = await PipelineHost.prepare()
    await pipeline.startHost(env)
    return pipeline
  }

  /** Storage alone, in a folder of its own; `fill` puts a storage folder there before it starts. */
  static async prepare(fill?: (storageDir: string) => Promise<void>, port = 0): Promise<PipelineHost> {
    const dir = await mkdtemp(join(tmpdir(), 'logpipe-functions-'))
    await fill?.(join(dir, 'storage'))
    const azurite = await startAzurite({ dir: join(dir, 'storage'), port })
    const store = createBlobStore(await connectBlobService(azurite.connection))
    await store.ensureContainers()
    return new PipelineHost(dir, azurite, store)
  }

  async startHost(env: Record<string, string> = {}): Promise<void> {
    this.#host = await startProcess<Ready>({
      name: 'functions host',
      entry: fileURLToPath(import.meta.resolve('@logpipe/local-host/main')),
      args: ['--app', resolve(import.meta.dirname, '..'), '--state', join(this.dir, 'host'), '--poll-ms', '200'],
      env: {
        AzureWebJobsStorage: this.azurite.connection,
        LOGPIPE_STORAGE: this.azurite.connection,
        LOGPIPE_WORK_DIR: join(this.dir, 'work'),
        LOGPIPE_API_ENTRY: fileURLToPath(import.meta.resolve('@logpipe/api/main')),
        LOGPIPE_API_KEY: 'test-key',
        ...env,
      },
      logFile: join(this.dir, 'host.log'),
      ready: (line) => {
        const said = JSON.parse(line) as Ready & { event: string }
        return said.event === 'host-ready' ? said : null
      },
    })
  }

  get host(): RunningProcess<Ready> {
    if (!this.#host) throw new Error('no host runs')
    return this.#host
  }

  /** A request with the key. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(new URL(path, this.host.ready.url), { ...init, headers: { 'x-functions-key': this.host.ready.functionKey, ...(init.headers as Record<string, string>) } })
  }

  async drop(name: string, text: string | Uint8Array, metadata: Record<string, string> = {}): Promise<string> {
    const body = typeof text === 'string' ? Buffer.from(text) : text
    const { etag } = await this.store.put({ container: 'bronze', name }, body, metadata)
    return (await runIdentity(this.store.account, { container: 'bronze', name, etag, bytes: body.byteLength })).runId
  }

  /** Waits for a run's end by its record. */
  async ended(runId: string, seconds = 60): Promise<Report> {
    const deadline = Date.now() + seconds * 1000
    for (;;) {
      const record = await readDocument(this.store, places.record(runId), RunRecord)
      if (record && TERMINAL.has(record.value.status)) {
        const report = await readDocument(this.store, places.report(runId), Report)
        if (report) return report.value
      }
      if (Date.now() > deadline) throw new Error(`${runId} did not end in ${seconds} s: ${JSON.stringify(record?.value)}`)
      await delay(100)
    }
  }

  /** Waits until a run's record is as wanted. */
  async record(runId: string, wanted: (record: RunRecord) => boolean, seconds = 60): Promise<RunRecord> {
    const deadline = Date.now() + seconds * 1000
    for (;;) {
      const record = await readDocument(this.store, places.record(runId), RunRecord)
      if (record && wanted(record.value)) return record.value
      if (Date.now() > deadline) throw new Error(`${runId} is not as wanted after ${seconds} s: ${JSON.stringify(record?.value)}`)
      await delay(25)
    }
  }

  /** The runtime's own word for how far a run's orchestration is; '' where it knows none. */
  async orchestration(runId: string): Promise<string> {
    const answer = await this.request(`/runtime/webhooks/durabletask/instances/${runId}?showInput=false`)
    return ((await answer.json()) as { runtimeStatus?: string }).runtimeStatus ?? ''
  }

  async text(part: { container: string; name: string }): Promise<string> {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of this.store.read(part)) text += decoder.decode(chunk, { stream: true })
    return text
  }

  /** Names of all runs that storage knows. */
  async runIds(): Promise<string[]> {
    const ids: string[] = []
    for await (const blob of this.store.list('pipeline', places.recordsPrefix)) if (blob.name.endsWith('/record.json')) ids.push(blob.name.split('/')[1]!)
    return ids
  }

  async stop(): Promise<void> {
    await this.#host?.stop()
    await this.azurite.stop()
    await rm(this.dir, { recursive: true, force: true })
  }
}
