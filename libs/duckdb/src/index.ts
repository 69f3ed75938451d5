export { createDuckDbEngine } from './duckdb-engine.ts'
export type { DuckDbEngineOptions } from './duckdb-engine.ts'
export type { SourceLimits } from './source-lines.ts'
export { DEFAULT_GZIP_LIMITS } from './open-source.ts'
