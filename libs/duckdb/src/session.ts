import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { literal } from './sql-text.ts'

/** What DuckDB may use. */
export interface SessionLimits {
  readonly threads: number
  /** As DuckDB writes sizes: `300MB`. Past it, it spills to the work folder. */
  readonly memoryLimit: string
  /** Sources of more lines have their tables in a file of the work folder: compressed, and what is not in use need not be written again. */
  readonly linesInMemory: number
}

/** One hardened DuckDB: it reads and writes under `folder` and nowhere else, loads no extension, and nothing can loosen that. */
export class Session {
  readonly connection: DuckDBConnection
  /** SQL of each relation that is there, so that a later layer of the run need not make it again. */
  readonly made = new Map<string, string>()
  /** Whether inputs may be read from their twins; not any more once a layer asked for a column that those lack. */
  readsTwins = true
  readonly #instance: DuckDBInstance
  readonly #temp: string

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, temp: string) {
    this.#instance = instance
    this.connection = connection
    this.#temp = temp
  }

  /** @param lines How many lines the source has. */
  static async open(folder: string, limits: SessionLimits, name: string, lines = 0): Promise<Session> {
    const temp = join(folder, name)
    await mkdir(temp, { recursive: true })
    const instance = await DuckDBInstance.create(lines > limits.linesInMemory ? join(temp, 'tables.duckdb') : ':memory:', {
      threads: String(limits.threads),
      memory_limit: limits.memoryLimit,
      temp_directory: temp,
      max_temp_directory_size: '64GB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      preserve_insertion_order: 'true',
    })
    const connection = await instance.connect()
    await connection.run("SET TimeZone = 'UTC'")
    await connection.run('SET enable_progress_bar = false')
    await connection.run('PRAGMA disable_checkpoint_on_shutdown')
    // Node runs each query on any of four threads; without it, what each has freed stays with the process.
    await connection.run('SET allocator_background_threads = true')
    await connection.run(`SET allowed_directories = [${literal(folder)}]`)
    await connection.run('SET enable_external_access = false')
    await connection.run('SET lock_configuration = true')
    return new Session(instance, connection, temp)
  }

  /** Runs `work` with DuckDB interrupted when the signal fires; what it then throws is the signal's reason. */
  async abortable<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const interrupt = (): void => this.connection.interrupt()
    signal.addEventListener('abort', interrupt)
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', interrupt)
    }
  }

  async close(): Promise<void> {
    this.connection.closeSync()
    this.#instance.closeSync()
    await rm(this.#temp, { recursive: true, force: true })
  }
}
