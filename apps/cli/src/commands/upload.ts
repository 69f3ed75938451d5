import { checkSourceName, runIdentity, SOURCE_CONTAINER, type StageName } from '@logpipe/core'
import { print, printJson, tell } from '../output.ts'
import { withTarget } from '../target/with-target.ts'
import { defaultHome } from '../target/home.ts'
import { blobNameOf, defaultSource, localFile } from './source-file.ts'

/** `logpipe upload [FILE]`: puts a log into bronze. The run starts by itself where the pipeline is up, else when it next comes up. */
export async function upload(given: string | undefined, options: { json: boolean; name?: string; until?: StageName }): Promise<number> {
  const file = given === undefined ? await defaultSource(defaultHome()) : await localFile(given)
  const name = options.name === undefined ? blobNameOf(file.path) : checkSourceName(options.name)
  return withTarget('storage', tell, async ({ store }) => {
    const { etag } = await store.put({ container: SOURCE_CONTAINER, name }, file, options.until === undefined ? {} : { until: options.until })
    const { runId } = await runIdentity(store.account, { container: SOURCE_CONTAINER, name, etag, bytes: file.bytes })
    const data = { container: SOURCE_CONTAINER, name, etag, bytes: file.bytes, runId }
    if (options.json) printJson({ ok: true, data })
    else print(`${SOURCE_CONTAINER}/${name}  etag ${etag}\nrun ${runId}\n\nnpx logpipe runs watch ${runId}`)
    return 0
  })
}
