import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { generateLog } from '@logpipe/loggen'
import { PipelineHost } from '../pipeline-host.ts'
import { startStorageProxy, type Verdict, type Write } from '../storage-proxy.ts'
import { differences, type RunState, stateOf } from './states.ts'

/** The host dies at its n-th write: before it has reached storage, or when it is done and not yet answered. */
export interface CrashPoint {
  readonly n: number
  readonly when: 'before' | 'after'
}

export interface CrashResult extends CrashPoint {
  readonly write: string
  readonly orphans: number
  readonly differences: readonly string[]
}

/** A storage folder in which the source lies, and what a run of it leaves when nothing happens. */
export interface CleanRun {
  readonly storageDir: string
  readonly runId: string
  readonly writes: readonly Write[]
  readonly state: RunState
  remove(): Promise<void>
}

const RUN_SECONDS = 120
/** No timer comes in between: what is tested is that the run itself goes on. */
const ENV = { LOGPIPE_SCHEDULE: '0 0 0 1 1 *' }
const source = (seed: number, lines: number): Uint8Array => Buffer.concat([...generateLog({ seed, lines, start: '2026-01-05T00:00:00Z', days: 1 }), Buffer.from('no log line\n')])

/**
 * Uploads the source once and keeps that storage folder, so that every run has the very same version of it. From about 25,000 lines on the events
 * are written in blocks, which makes more points.
 */
export async function cleanRun(seed: number, lines: number): Promise<CleanRun> {
  const storageDir = await mkdtemp(join(tmpdir(), 'logpipe-crash-'))
  const first = await PipelineHost.prepare()
  const runId = await first.drop('web-1/auth.log', source(seed, lines), { base_time: '2026-02-01T00:00:00Z' })
  await first.azurite.stop()
  await cp(join(first.dir, 'storage'), storageDir, { recursive: true })
  await first.stop()
  const { writes, state } = await run({ storageDir, runId })
  return { storageDir, runId, writes, state, remove: () => rm(storageDir, { recursive: true }) }
}

/** Both sides of every write. */
export const pointsOf = ({ writes }: CleanRun): CrashPoint[] => writes.flatMap(({ n }) => [{ n, when: 'before' } as const, { n, when: 'after' } as const])

/** One run in which the host is killed at the point, and a second host that finds what the first has left. */
export async function crash(clean: CleanRun, point: CrashPoint): Promise<CrashResult> {
  const { state, killed } = await run(clean, point)
  if (!killed) throw new Error(`the run made fewer than ${point.n} writes`)
  return { ...point, write: `${killed.method} ${killed.path}${killed.part && ` (${killed.part})`}`, orphans: state.orphans.length, differences: differences(clean.state, state) }
}

async function run({ storageDir, runId }: Pick<CleanRun, 'storageDir' | 'runId'>, point?: CrashPoint): Promise<{ writes: readonly Write[]; state: RunState; killed: Write | undefined }> {
  const pipeline = await PipelineHost.prepare((dir) => cp(storageDir, dir, { recursive: true }))
  let killed: Write | undefined
  let hostPid: number | undefined
  const meddle = (write: Write, when: CrashPoint['when']): Verdict => {
    // A dead host's requests that are still on their way get nowhere.
    if (killed && hostPid !== undefined) return 'drop'
    if (write.n !== point?.n || when !== point.when || killed) return 'pass'
    killed = write
    hostPid = pipeline.host.pid
    process.kill(hostPid, 'SIGKILL')
    return 'drop'
  }
  const proxy = await startStorageProxy(pipeline.azurite.connection, meddle)
  try {
    await pipeline.startHost({ ...ENV, LOGPIPE_STORAGE: proxy.connection })
    if (point) {
      await until(() => killed !== undefined)
      await pipeline.host.exited
      hostPid = undefined
      await pipeline.startHost({ ...ENV, LOGPIPE_STORAGE: proxy.connection })
    }
    const report = await pipeline.ended(runId, RUN_SECONDS)
    await until(async () => (await pipeline.orchestration(runId)) === 'Completed')
    return { writes: proxy.writes, state: await stateOf(pipeline, report), killed }
  } finally {
    await pipeline.stop()
    await proxy.close()
  }
}

async function until(true_: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + RUN_SECONDS * 1000
  while (!(await true_())) {
    if (Date.now() > deadline) throw new Error(`not seen in ${RUN_SECONDS} s`)
    await delay(20)
  }
}
