import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, virtualEnvironment } from '../python/index.ts'
import { PeerError } from './peer.ts'

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** What a detector says of each row, in order. `flagged` is by its default contamination: always a tenth of the rows. */
export interface PyodScores {
  readonly scores: readonly number[]
  readonly flagged: readonly (0 | 1)[]
}

/** ECOD, COPOD, HBOS and IForest of PyOD 2.0.5 on a table, one row an entity. Throws PythonError, PeerError. */
export async function pyodScores(rows: readonly (readonly number[])[]): Promise<Readonly<Record<string, PyodScores>>> {
  const python = await virtualEnvironment({ requirements: [beside('./requirements-pyod.txt')] })
  const dir = await mkdtemp(join(tmpdir(), 'logpipe-pyod-'))
  try {
    const [table, out] = [join(dir, 'features.csv'), join(dir, 'scores.json')]
    await writeFile(table, rows.map(row => `${row.join(',')}\n`).join(''))
    const { code, output } = await run(python, [beside('./pyod_scores.py'), table, out], { env: { MPLCONFIGDIR: dir, MPLBACKEND: 'agg' } })
    if (code !== 0) throw new PeerError('pyod', output)
    return JSON.parse(await readFile(out, 'utf8')) as Record<string, PyodScores>
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
