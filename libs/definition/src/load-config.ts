import { readFile } from 'node:fs/promises'
import { type Config, LogpipeError, parseConfig } from '@logpipe/core'
import { parse } from 'yaml'

export const CONFIG_FILE = 'logpipe.config.yaml'

/** Config from LOGPIPE_CONFIG (or logpipe.config.yaml where there is one) and the environment. Throws CONFIG_NOT_VALID. */
export async function loadConfig(environment: Readonly<Record<string, string | undefined>>): Promise<Config> {
  const named = environment['LOGPIPE_CONFIG']
  const path = named ?? CONFIG_FILE
  let text = ''
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (named !== undefined) throw new LogpipeError('CONFIG_NOT_VALID', { detail: `\n  ${path} cannot be read` }, { cause: error })
  }
  let file: unknown
  try {
    file = parse(text) ?? {}
  } catch (error) {
    throw new LogpipeError('CONFIG_NOT_VALID', { detail: `\n  ${path}: ${error instanceof Error ? error.message : String(error)}` }, { cause: error })
  }
  return parseConfig(file, environment)
}
