import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HostError, messageOf } from '../errors.ts'

const schema = z.looseObject({ IsEncrypted: z.literal(false).default(false), Values: z.record(z.string(), z.string()).default({}) })

/** Values of local.settings.json; {} where there is no such file (in Azure there is none either). */
export async function readLocalSettings(appDir: string): Promise<Record<string, string>> {
  let text: string
  try {
    text = await readFile(join(appDir, 'local.settings.json'), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
  try {
    return schema.parse(JSON.parse(text)).Values
  } catch (error) {
    throw new HostError('HOST_SETTING_INVALID', { setting: 'local.settings.json', detail: messageOf(error) }, { cause: error })
  }
}

/** Puts app settings into the environment; what is set already stays. */
export function applySettings(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) process.env[name] ??= value
}
