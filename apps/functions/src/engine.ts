import type { Config, RunRecord } from '@logpipe/core'

type Choice = NonNullable<RunRecord['engine']>

/** What a run's layers run on, and why: settled at its start. `wished` is the source's own metadata. */
export function chooseEngine(config: Pick<Config, 'engine' | 'databricks'>, bytes: number, wished?: string): Choice {
  const { host, minBytes } = config.databricks
  const wanted = wished ?? config.engine
  const by = wished === undefined ? 'engine' : 'the source wants engine'
  if (wanted !== 'auto') return { name: wanted, why: `${by}: ${wanted}` }
  if (host === '') return { name: 'duckdb', why: `${by}: auto; no Databricks workspace is configured` }
  return bytes >= minBytes
    ? { name: 'databricks', why: `${by}: auto; ${bytes} bytes are at least databricks.minBytes (${minBytes})` }
    : { name: 'duckdb', why: `${by}: auto; ${bytes} bytes are less than databricks.minBytes (${minBytes})` }
}
