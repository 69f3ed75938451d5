import { LogpipeError, type ObjectStore } from '@logpipe/core'
import { findVersion, readIndex, readModel, Scorer, type Version } from '@logpipe/ml'
import { Fresh } from './cache.ts'

export interface Serving {
  readonly version: Version
  readonly scorer: Scorer
}

/**
 * The current model, made ready once. When a run publishes a new one, requests go on with the old until the new is read and verified; what
 * cannot be verified is not taken.
 */
export class ServingModel {
  readonly #store: ObjectStore
  readonly #looks = new Fresh<void>(1000)
  #serving: Serving | null = null
  #looking = false

  constructor(store: ObjectStore) {
    this.#store = store
  }

  get loaded(): Serving | null {
    return this.#serving
  }

  async #look(): Promise<void> {
    const index = await readIndex(this.#store)
    if (index.current === null || index.current === this.#serving?.version.version) return
    const version = findVersion(index, index.current)
    this.#serving = { version, scorer: new Scorer(await readModel(this.#store, version.files)) }
  }

  /** The current one, looked up now. Null: nothing was learnt yet. */
  async current(): Promise<Serving | null> {
    await this.#looks.get('', () => this.#look())
    return this.#serving
  }

  /** At once the one that is loaded; looks for a newer one beside. Throws NOTHING_PUBLISHED. */
  async get(): Promise<Serving> {
    if (this.#serving === null) await this.current()
    else if (!this.#looking) {
      this.#looking = true
      void this.current().catch(() => undefined).finally(() => (this.#looking = false)) // storage down: the loaded one serves on
    }
    if (this.#serving === null) throw new LogpipeError('NOTHING_PUBLISHED', { what: 'a model' })
    return this.#serving
  }
}
