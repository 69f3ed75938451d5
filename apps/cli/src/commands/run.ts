import { checkSourceName, LogpipeError, runIdentity, SOURCE_CONTAINER, sourceSlug, type StageName } from '@logpipe/core'
import { endedBadly, show } from '../ended.ts'
import { followToEnd, reportOf } from '../follow.ts'
import { post } from '../host.ts'
import { tell } from '../output.ts'
import { type Target, withTarget } from '../target/with-target.ts'
import { defaultHome } from '../target/home.ts'
import { rerunPublished } from './control.ts'
import { blobNameOf, defaultSource, localFile } from './source-file.ts'

export interface RunOptions {
  readonly json: boolean
  readonly out?: string
  /** Name of a blob in bronze, instead of a file. */
  readonly blob?: string
  /** What its layers run on, for this run alone. */
  readonly engine?: string
  /** Stay up with the dashboard until Ctrl-C. */
  readonly serve?: boolean
  /** The last stage that is done. */
  readonly until?: StageName
  /** That stage alone, over the layers that are published. */
  readonly only?: StageName
}

async function drop(target: Target, file: { path: string; bytes: number }, { until, engine }: RunOptions): Promise<string> {
  const { store } = target
  const ref = { container: SOURCE_CONTAINER, name: blobNameOf(file.path) }
  const { etag } = await store.put(ref, file, { ...(until === undefined ? {} : { until }), ...(engine === undefined ? {} : { engine }) })
  const { runId } = await runIdentity(store.account, { ...ref, etag, bytes: file.bytes })
  tell(`Dropped ${ref.name} (${file.bytes.toLocaleString('en')} bytes) into ${SOURCE_CONTAINER}: run ${runId}`)
  if (target.startsBy === 'http') return post(target, '/api/runs', { name: ref.name })
  return runId
}

/** The address of the dashboard, until Ctrl-C; at once where `npm run dev` keeps the target up. */
async function stay({ address, broken, home }: Target): Promise<void> {
  if (address.dashboard === '') return tell('No dashboard is served by this target.')
  tell(`\nDashboard  ${address.dashboard}`)
  if (address.pid !== process.pid) return
  tell('Ctrl-C ends it.')
  const part = await broken
  throw new LogpipeError('TARGET_START_FAILED', { part, detail: 'it ended', log: `${home}/logs` })
}

/** `logpipe run [FILE]` or `logpipe run --blob NAME`, which is also `npm start`: drops the file, which starts the run (on Azure: asks for it), and follows it to its end. */
export async function run(given: string | undefined, options: RunOptions): Promise<number> {
  if (options.blob !== undefined && given !== undefined) throw new LogpipeError('USAGE', { detail: 'a file and --blob exclude each other' })
  const blob = options.blob === undefined ? null : checkSourceName(options.blob)
  const file = blob !== null ? null : given === undefined ? await defaultSource(defaultHome()) : await localFile(given)
  return withTarget('host', tell, async (target) => {
    if (options.only !== undefined) return rerunPublished(target, await sourceSlug(blob ?? blobNameOf(file?.path ?? '')), options.only, options.json)
    const runId = file === null ? await post(target, '/api/runs', { name: blob }) : await drop(target, file, options)
    await followToEnd(target, runId)
    const report = await reportOf(target, runId)
    const bad = endedBadly(report)
    if (bad) throw bad
    await show(target, report, options)
    if (options.serve === true) await stay(target)
    return 0
  }, options.serve === true)
}
