import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { version } from '@duckdb/node-api'

/** Where and with what the numbers were measured; without it they mean nothing. */
export interface Environment {
  readonly date: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
  readonly node: string
  readonly duckdb: string
}

export function environment(now: Date): Environment {
  return {
    date: now.toISOString(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch} ${release()}`,
    node: process.version,
    duckdb: version(),
  }
}
