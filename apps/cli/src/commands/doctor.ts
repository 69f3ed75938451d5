import { join } from 'node:path'
import { type Config, safeText } from '@logpipe/core'
import { loadConfig } from '@logpipe/definition/config'
import { type Examined, examine, ok, type PreflightCheck } from '@logpipe/validation'
import { definitionCheck, installCheck, memoryCheck, nodeCheck, workFolderCheck } from '../doctor/machine.ts'
import { functionsCheck, mlflowCheck } from '../doctor/services.ts'
import { storageChecks } from '../doctor/storage.ts'
import { print, printJson, style } from '../output.ts'
import { defaultHome, readAddress } from '../target/home.ts'

const LIMIT_MS = 10_000
/** Trouble around us is exit code 3 in every command. */
const ENVIRONMENT_FAILED = 3
const LOOKS = { ok: 'green', skipped: 'dim', warning: 'yellow', failed: 'red' } as const

/** `logpipe doctor`: looks at everything a run needs, side by side, and says what mends what is wrong. Changes nothing. */
export async function doctor({ json }: { json: boolean }): Promise<number> {
  const target = process.env['LOGPIPE_TARGET'] === 'azure' ? 'azure' : 'embedded'
  const found = await examine(await checksOf(target), LIMIT_MS)
  const failures = found.filter(({ status }) => status === 'failed').length
  if (json) printJson({ ok: true, data: { target, healthy: failures === 0, checks: found } })
  else {
    found.forEach((one) => print(line(one)))
    print(failures === 0 ? `\nReady for the ${target} target.` : `\n${failures} of ${found.length} checks failed for the ${target} target.`)
  }
  return failures === 0 ? 0 : ENVIRONMENT_FAILED
}

async function checksOf(target: 'embedded' | 'azure'): Promise<PreflightCheck[]> {
  const address = target === 'embedded' ? await readAddress(defaultHome()) : null
  // The embedded target brings its own storage: any value stands for it.
  const settings = loadConfig({ LOGPIPE_STORAGE: target === 'embedded' ? 'embedded' : undefined, ...process.env, LOGPIPE_TARGET: target })
  const config = await settings.catch(() => null)
  const machine = [nodeCheck(process.version), installCheck(), definitionCheck(), configCheck(settings), memoryCheck(), workFolderCheck(join(defaultHome(), 'work'))]
  if (config === null) return machine
  const functions = address ? { url: address.hostUrl, key: address.hostKey } : config.functions
  const storage = target === 'embedded' ? (address?.storage ?? null) : config.storage.connection
  return [...machine, ...storageChecks(storage), functionsCheck(functions), mlflowCheck(config.mlflow)]
}

const configCheck = (settings: Promise<Config>): PreflightCheck => ({
  id: 'config',
  why: 'Nothing starts with a setting that is wrong; what needs the settings is not looked at until then.',
  look: async () => {
    const { engine, parallelRuns } = await settings
    return ok(`engine ${engine}, ${parallelRuns} runs at once`)
  },
})

function line(one: Examined): string {
  const head = `${style(LOOKS[one.status], one.status.padEnd(8))} ${one.id.padEnd(14)} ${safeText(one.seen.replaceAll('\n', ' '))}`
  return 'fix' in one ? `${head}\n         why  ${one.why}\n         fix  ${safeText(one.fix)}` : head
}
