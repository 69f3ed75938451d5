import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { LayerEngine, LayerName, LayerResult, Part, PipelineDefinition, SourceRef } from '@logpipe/core'
import { createDuckDbEngine, type DuckDbEngineOptions } from '../src/index.ts'
import { FolderStore } from './folder-store.ts'
import { smallDefinition } from './small-definition.ts'

/** A store, an engine and one source; layers run one by one with what the ones before gave. */
export class Harness implements AsyncDisposable {
  readonly dir: string
  readonly store: FolderStore
  readonly definition: PipelineDefinition
  engine: LayerEngine
  source: SourceRef
  parts: Part[] = []
  readonly #options: Partial<DuckDbEngineOptions>

  private constructor(dir: string, source: SourceRef, store: FolderStore, definition: PipelineDefinition, options: Partial<DuckDbEngineOptions>) {
    this.dir = dir
    this.source = source
    this.store = store
    this.definition = definition
    this.#options = options
    this.engine = this.#start()
  }

  static async open(bytes: Uint8Array | string, options: Partial<DuckDbEngineOptions> & { sourceName?: string } = {}): Promise<Harness> {
    const dir = await mkdtemp(join(tmpdir(), 'logpipe-duckdb-'))
    await mkdir(join(dir, 'store'))
    const store = new FolderStore(join(dir, 'store'))
    const ref = { container: 'bronze', name: options.sourceName ?? 'web-1/auth.log' }
    const body = Buffer.from(bytes)
    const { etag } = await store.put(ref, body)
    return new Harness(dir, { ...ref, etag, bytes: body.length }, store, options.definition ?? smallDefinition(), options)
  }

  get workDir(): string {
    return join(this.dir, 'work')
  }

  /** A new engine, as after a restart of the process; `forget` loses the local files too. */
  async restart(forget: boolean): Promise<void> {
    await this.engine.release(forget ? 'run-1' : 'no-such-run')
    this.engine = this.#start()
  }

  async run(name: LayerName, { attempt = 1, signal = new AbortController().signal } = {}): Promise<LayerResult> {
    const layer = this.definition.layers.find((candidate) => candidate.name === name)!
    const target = { container: layer.container, prefix: `_runs/slug/run-1/attempt=${attempt}/` }
    const params = { timezone: 'UTC', baseTimeMs: Date.UTC(2025, 5, 1) }
    const result = await this.engine.runLayer({ runId: 'run-1', slug: 'slug', attempt, layer, source: this.source, params, inputs: this.parts, target }, signal)
    const made = new Set(result.parts.map(({ output }) => output))
    this.parts = [...this.parts.filter(({ output }) => !made.has(output)), ...result.parts]
    return result
  }

  async runAll(): Promise<LayerResult[]> {
    const results: LayerResult[] = []
    for (const { name } of this.definition.layers) results.push(await this.run(name))
    return results
  }

  part(output: string): Part {
    return this.parts.find((part) => part.output === output)!
  }

  async text(output: string): Promise<string> {
    return readFile(this.store.pathOf(this.part(output)), 'utf8')
  }

  async jsonLines(output: string): Promise<Record<string, unknown>[]> {
    return (await this.text(output)).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  parquet(output: string, select = '*'): Promise<Record<string, unknown>[]> {
    return readParquet(this.store.pathOf(this.part(output)), select)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.release('run-1')
    await rm(this.dir, { recursive: true, force: true })
  }

  #start(): LayerEngine {
    return createDuckDbEngine({ threads: 1, memoryLimit: '200MB', log: () => undefined, ...this.#options, store: this.store, definition: this.definition, workDir: this.workDir })
  }
}

/** Rows of a Parquet file as DuckDB reads them. */
export async function readParquet(path: string, select = '*'): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(`SELECT ${select} FROM read_parquet('${path}')`)).getRowObjectsJS()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
