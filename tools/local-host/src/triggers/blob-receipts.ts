import type { DatabaseSync } from 'node:sqlite'
import { HostError } from '../errors.ts'
import { transaction } from '../state/database.ts'

/** A version of a blob that a function is to be called for. `path` is container/name, `etag` without quotes. */
export interface Receipt {
  function: string
  path: string
  etag: string
  deliveries: number
}

/** A blob that its function could not take; `created` in ms since 1970. */
export interface Poison extends Receipt {
  id: number
  error: string
  created: number
}

type State = 'pending' | 'done' | 'poison' | 'gone'

/** The two forms of an ETag (the SDK's with quotes, Event Grid's without) are one version. */
export const bareETag = (etag: string): string => etag.replace(/^W\//, '').replaceAll('"', '')

export const receiptKey = (etag: string, path: string): string => `${etag} ${path}`

const poisonTable = '"webjobs-blobtrigger-poison"'

/** One receipt a function, ETag and path: however often a blob is seen, by polls and by events, it is delivered once. */
export class BlobReceipts {
  readonly #db: DatabaseSync
  readonly #insert
  readonly #due
  readonly #count
  readonly #set
  readonly #takeBack
  readonly #renew
  readonly #forget

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#insert = db.prepare("INSERT OR IGNORE INTO blob_receipts VALUES (?, ?, ?, 'pending', 0, 0, ?)")
    this.#due = db.prepare(`SELECT function, path, etag, deliveries FROM blob_receipts WHERE state = 'pending' AND due <= ? ORDER BY due, updated LIMIT ?`)
    this.#count = db.prepare('UPDATE blob_receipts SET deliveries = deliveries + 1, due = ? WHERE function = ? AND etag = ? AND path = ?')
    this.#takeBack = db.prepare('UPDATE blob_receipts SET deliveries = deliveries - 1, due = ? WHERE function = ? AND etag = ? AND path = ?')
    this.#renew = db.prepare("UPDATE blob_receipts SET state = 'pending', deliveries = 0, due = 0, updated = ? WHERE function = ? AND etag = ? AND path = ?")
    this.#forget = db.prepare('DELETE FROM blob_receipts WHERE function = ? AND etag = ? AND path = ?')
    this.#set = db.prepare('UPDATE blob_receipts SET state = ?, due = ?, updated = ? WHERE function = ? AND etag = ? AND path = ?')
  }

  /** True where this version was not known. */
  add(fn: string, path: string, etag: string): boolean {
    return Number(this.#insert.run(fn, etag, path, Date.now()).changes) === 1
  }

  /** One transaction for a whole listing. */
  addAll(seen: readonly { fn: string; path: string; etag: string }[]): number {
    if (seen.length === 0) return 0
    return transaction(this.#db, () => seen.filter(({ fn, path, etag }) => this.add(fn, path, etag)).length)
  }

  due(limit: number): Receipt[] {
    return this.#due.all(Date.now(), limit) as unknown as Receipt[]
  }

  /** Counts a delivery before it is made, so that a blob that kills the host turns to poison too. */
  begin({ function: fn, etag, path }: Receipt): void {
    this.#count.run(Number.MAX_SAFE_INTEGER, fn, etag, path)
  }

  end({ function: fn, etag, path }: Receipt, state: State, due = 0): void {
    this.#set.run(state, due, Date.now(), fn, etag, path)
  }

  /** A delivery that was not made after all: not counted, due again later. */
  takeBack({ function: fn, etag, path }: Receipt, due: number): void {
    this.#takeBack.run(due, fn, etag, path)
  }

  poison(receipt: Receipt, error: string): void {
    transaction(this.#db, () => {
      this.end(receipt, 'poison')
      this.#db
        .prepare(`INSERT INTO ${poisonTable} (function, path, etag, deliveries, error, created) VALUES (?, ?, ?, ?, ?, ?)`)
        .run(receipt.function, receipt.path, receipt.etag, receipt.deliveries, error, Date.now())
    })
  }

  /** Oldest first. */
  poisoned(): Poison[] {
    return this.#db.prepare(`SELECT seq AS id, function, path, etag, deliveries, error, created FROM ${poisonTable} ORDER BY seq`).all() as unknown as Poison[]
  }

  /** Takes a message out of the poison; with `again` its blob is due once more, with all its deliveries before it. Throws HOST_POISON_UNKNOWN. */
  takePoison(id: number, again: boolean): void {
    transaction(this.#db, () => {
      const found = this.#db.prepare(`DELETE FROM ${poisonTable} WHERE seq = ? RETURNING function, path, etag`).get(id) as Receipt | undefined
      if (!found) throw new HostError('HOST_POISON_UNKNOWN', { id })
      if (again) this.#renew.run(Date.now(), found.function, found.etag, found.path)
    })
  }

  /** Receipts of versions that storage does not have any more: nothing can deliver them again. `present` are the keys of one whole listing begun at `since`. */
  forgetGone(fn: string, present: ReadonlySet<string>, since: number): void {
    const settled = this.#db.prepare("SELECT etag, path FROM blob_receipts WHERE function = ? AND state IN ('done', 'gone') AND updated < ?")
    const rows = settled.all(fn, since) as { etag: string; path: string }[]
    const gone = rows.filter(({ etag, path }) => !present.has(receiptKey(etag, path)))
    if (gone.length > 0) transaction(this.#db, () => gone.forEach(({ etag, path }) => this.#forget.run(fn, etag, path)))
  }

  /** After a restart: deliveries that were under way are due again. */
  requeue(): void {
    this.#db.exec("UPDATE blob_receipts SET due = 0 WHERE state = 'pending'")
  }
}
