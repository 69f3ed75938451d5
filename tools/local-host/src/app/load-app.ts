import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { HostError, messageOf } from '../errors.ts'
import type { Registry } from './core-api.ts'

const packageJson = z.looseObject({ main: z.string() })

/** Imports the module (or the modules of a glob) that package.json names as "main" and runs the appStart hooks. */
export async function loadApp(appDir: string, registry: Registry): Promise<void> {
  const invalid = (detail: string, cause?: unknown): HostError => new HostError('HOST_APP_INVALID', { appDir, detail }, { cause })
  let main: string
  try {
    main = packageJson.parse(JSON.parse(await readFile(join(appDir, 'package.json'), 'utf8'))).main
  } catch (error) {
    throw invalid('package.json has no "main"', error)
  }
  const files = /[*{]/.test(main) ? globSync(main, { cwd: appDir }).sort() : [main]
  if (files.length === 0) throw invalid(`no file matches "main": ${main}`)
  for (const file of files) {
    try {
      await import(pathToFileURL(join(appDir, file)).href)
    } catch (error) {
      throw invalid(`${file} failed to load (${messageOf(error)})`, error)
    }
  }
  if (!registry.model || registry.functions.size === 0) throw invalid(`${main} registered no function through @azure/functions`)
  const capabilities = await registry.model.getCapabilities?.({})
  if (capabilities?.['HttpUri']) throw invalid('app.setup({ enableHttpStream: true }) is not supported by the local host')
  await registry.runHooks('appStart', { hookData: {}, appHookData: registry.appHookData, functionAppDirectory: appDir })
}
