import { setTimeout as delay } from 'node:timers/promises'
import type { AppFunction } from '../app/functions.ts'
import type { Invoke } from '../app/invoke.ts'
import { HostError, messageOf } from '../errors.ts'
import type { Log } from '../types.ts'
import { blobInput } from './blob-data.ts'
import { type BlobPath, parseBlobPath } from './blob-path.ts'
import { bareETag, type BlobReceipts, type Receipt, receiptKey } from './blob-receipts.ts'
import { type BlobAccount, openAccount } from './blob-storage.ts'

export interface BlobTriggerParts {
  receipts: BlobReceipts
  invoke: Invoke
  log: Log
  pollMs: number
  parallelism: number
  maxDequeueCount: number
  redeliveryDelayMs: number
}

interface Target {
  fn: AppFunction
  path: BlobPath
  account: BlobAccount
  /** What the last look found, so that only what is new goes to the database. */
  known: ReadonlySet<string>
  looked: boolean
}

/** A poll takes at most about a fifth of the time, however many blobs there are. */
const restFactor = 4
/** A storage fault is no fault of the blob: it is tried again after this time, and not counted. */
const storagePauseMs = 1000

/** All blob functions: polls their containers, takes pushed events, and delivers each version of a blob at least once. */
export class BlobTriggers {
  readonly #parts: BlobTriggerParts
  readonly #targets = new Map<string, Target>()
  readonly #running = new Map<Promise<void>, Receipt>()
  readonly #stop = new AbortController()
  #closed = false
  readonly #unseen = new Set<string>()

  constructor(parts: BlobTriggerParts, functions: Iterable<AppFunction>) {
    this.#parts = parts
    for (const fn of functions) {
      if (fn.kind !== 'blob') continue
      const { path, connection } = fn.trigger as unknown as { path: string; connection: string }
      this.#targets.set(fn.name, { fn, path: parseBlobPath(fn.name, path), account: openAccount(fn.name, connection), known: new Set(), looked: false })
      parts.log({ level: 'info', event: 'blob-body-empty', message: `${fn.name} gets blobs of ${path} with an empty body: take the name from context.triggerMetadata`, function: fn.name })
    }
  }

  /** Resolves after the first look at every container. */
  async run(): Promise<void> {
    this.#parts.receipts.requeue()
    if (this.#targets.size === 0) return
    await this.#poll()
    void this.#keepPolling()
  }

  async stop(drainMs: number): Promise<void> {
    this.#stop.abort()
    await Promise.race([Promise.allSettled(this.#running.keys()), delay(drainMs, undefined, { ref: false })])
    this.#closed = true
    // Not delivered in full: they do not count, and the next host delivers them again.
    for (const receipt of this.#running.values()) this.#parts.receipts.takeBack(receipt, 0)
  }

  get receipts(): BlobReceipts {
    return this.#parts.receipts
  }

  /** Gives a poison message to its function again. Throws HOST_POISON_UNKNOWN. */
  replayPoison(id: number): void {
    this.#parts.receipts.takePoison(id, true)
    this.#deliver()
  }

  /** A BlobCreated event for a function. Gives false where its path does not match the blob. Throws HOST_FUNCTION_UNKNOWN. */
  push(functionName: string, container: string, name: string, etag: string): boolean {
    const target = this.#target(functionName)
    if (target.path.container !== container || !target.path.match(name)) return false
    this.#parts.receipts.add(functionName, `${container}/${name}`, bareETag(etag))
    this.#deliver()
    return true
  }

  /** Calls a function for a blob by its path, whatever the receipts say. Throws HOST_REQUEST_INVALID where it is not there. */
  async fire(functionName: string, path: string): Promise<void> {
    const target = this.#target(functionName)
    const [container, name] = splitPath(path)
    const holes = container === target.path.container ? target.path.match(name) : undefined
    const found = holes && (await target.account.properties(container, name))
    if (!found || !holes) throw new HostError('HOST_REQUEST_INVALID', { detail: `There is no blob ${path} for ${functionName}.` })
    await this.#parts.invoke(target.fn, blobInput(path, found.uri, holes, found.properties, functionName))
  }

  #target(functionName: string): Target {
    const target = this.#targets.get(functionName)
    if (!target) throw new HostError('HOST_FUNCTION_UNKNOWN', { kind: 'blob function', name: functionName })
    return target
  }

  async #keepPolling(): Promise<void> {
    const { signal } = this.#stop
    let took = 0
    while (!signal.aborted) {
      await delay(Math.max(this.#parts.pollMs, took * restFactor), undefined, { signal, ref: false }).catch(() => undefined)
      const began = Date.now()
      if (!signal.aborted) await this.#poll()
      took = Date.now() - began
    }
  }

  async #poll(): Promise<void> {
    for (const target of this.#targets.values()) {
      if (this.#stop.signal.aborted) return
      await this.#look(target)
    }
    this.#deliver()
  }

  /** One look at a container. A fault is logged when it begins and when it has ended; the next look comes in any case. */
  async #look(target: Target): Promise<void> {
    const { fn, path, account } = target
    const { receipts, log } = this.#parts
    const about = { function: fn.name, container: path.container }
    const since = Date.now()
    try {
      const blobs = await account.list(path.container, path.prefix)
      if (this.#stop.signal.aborted) return
      const key = ({ name, etag }: { name: string; etag: string }): string => receiptKey(etag, `${path.container}/${name}`)
      const fresh = blobs.filter((blob) => !target.known.has(key(blob)) && path.match(blob.name))
      receipts.addAll(fresh.map(({ name, etag }) => ({ fn: fn.name, path: `${path.container}/${name}`, etag })))
      const known = new Set(blobs.map(key))
      if (!target.looked || [...target.known].some((version) => !known.has(version))) receipts.forgetGone(fn.name, known, since)
      target.known = known
      target.looked = true
      if (this.#unseen.delete(fn.name)) log({ level: 'info', event: 'blob-poll-recovered', message: `${path.container} can be listed again`, ...about })
    } catch (error) {
      if (this.#unseen.has(fn.name)) return
      this.#unseen.add(fn.name)
      log({ level: 'warn', event: 'blob-poll-failed', message: `${path.container} cannot be listed: ${messageOf(error)}`, ...about })
    }
  }

  #deliver(): void {
    const free = this.#parts.parallelism - this.#running.size
    if (this.#stop.signal.aborted || free <= 0) return
    for (const receipt of this.#parts.receipts.due(free)) {
      this.#parts.receipts.begin(receipt)
      const work = this.#deliverOne(receipt).finally(() => {
        this.#running.delete(work)
        this.#deliver()
      })
      this.#running.set(work, receipt)
    }
  }

  async #deliverOne(receipt: Receipt): Promise<void> {
    const { receipts, invoke, log, maxDequeueCount, redeliveryDelayMs } = this.#parts
    const { function: name, path } = receipt
    const deliveries = receipt.deliveries + 1
    const target = this.#targets.get(name)
    const [container, blob] = splitPath(path)
    const holes = target?.path.match(blob)
    // The app has changed since.
    if (!target || !holes) return receipts.end(receipt, 'gone')
    let found: Awaited<ReturnType<BlobAccount['properties']>>
    try {
      found = await target.account.properties(container, blob)
    } catch (error) {
      log({ level: 'warn', event: 'blob-read-failed', message: `Storage does not answer for ${path}: ${messageOf(error)}` })
      return this.#closed ? undefined : receipts.takeBack(receipt, Date.now() + storagePauseMs)
    }
    if (this.#closed) return
    // Overwritten or deleted since: the new version has a receipt of its own from the next poll or event.
    if (bareETag(found?.properties.etag ?? '') !== receipt.etag || !found) return receipts.end(receipt, 'gone')
    try {
      log({ level: 'info', event: 'blob-delivered', message: `${name} gets ${path}`, function: name, path, etag: receipt.etag, delivery: deliveries })
      await invoke(target.fn, blobInput(path, found.uri, holes, found.properties, name))
      if (!this.#closed) receipts.end(receipt, 'done')
    } catch (error) {
      if (this.#closed) return
      log({ level: 'warn', event: 'blob-failed', message: `${name} failed for ${path}: ${messageOf(error)}`, function: name, path, delivery: deliveries })
      if (deliveries >= maxDequeueCount) {
        receipts.poison({ ...receipt, deliveries }, messageOf(error))
        log({ level: 'error', event: 'blob-poison', message: `${path} failed ${deliveries} times in ${name} and is not tried again; list: GET /admin/poison, try again: POST /admin/poison/ID`, function: name, path, etag: receipt.etag, deliveries })
        return
      }
      receipts.end(receipt, 'pending', Date.now() + redeliveryDelayMs)
    }
  }
}

const splitPath = (path: string): [container: string, name: string] => {
  const slash = path.indexOf('/')
  return [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)]
}
