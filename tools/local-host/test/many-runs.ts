import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startHostProcess, type tempHome } from './host-process.ts'
import { until } from './wait.ts'

const MODEL = 'model'

/** Fills the state with `count` ended runs: one real run, and copies of all its rows under other ids, `agoMs` old. */
export async function fillWithRuns(home: ReturnType<typeof tempHome>, count: number, agoMs = 0): Promise<void> {
  const host = await startHostProcess('durable', home)
  await host.call('POST', `/api/start/likeARun?id=${MODEL}`, null)
  await until('the model run', async () => (await host.status(MODEL)).runtimeStatus === 'Completed')
  await host.stop()
  const db = new DatabaseSync(join(home.state, 'state.db'))
  const columns = (table: string, replaced: Record<string, string>): string =>
    (db.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[]).map(({ name }) => replaced[name] ?? name).join()
  const numbers = `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})`
  const at = String(Date.now() - agoMs)
  db.exec(`BEGIN;
    ${numbers} INSERT INTO instances SELECT ${columns('instances', { id: "id || '-' || n", updated: at, created: at })} FROM numbers, instances WHERE id = '${MODEL}';
    ${numbers} INSERT INTO packed_history SELECT instance || '-' || n, events FROM numbers, packed_history WHERE instance = '${MODEL}';
    COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`)
  db.close()
}

/** Rows by table, and bytes a run. */
export function stateSize(home: ReturnType<typeof tempHome>): { runs: number; openHistory: number; packed: number; bytesPerRun: number } {
  const file = join(home.state, 'state.db')
  const db = new DatabaseSync(file, { readOnly: true })
  const count = (table: string): number => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'])
  const runs = count('instances')
  const size = { runs, openHistory: count('history'), packed: count('packed_history'), bytesPerRun: Math.round(statSync(file).size / Math.max(runs, 1)) }
  db.close()
  return size
}
