import { createWriteStream, existsSync } from 'node:fs'
import { access, constants, mkdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { checkSourceName, LogpipeError, type LocalFile } from '@logpipe/core'

/** npm runs scripts in the checkout; the user's paths start where the user stood. */
const fromUser = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path)

/** A readable file. Throws FILE_NOT_FOUND, FILE_IS_DIRECTORY, FILE_NOT_READABLE. */
export async function localFile(given: string): Promise<LocalFile> {
  const path = fromUser(given)
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new LogpipeError('FILE_NOT_FOUND', { path }, { cause: error })
    throw new LogpipeError('FILE_NOT_READABLE', { path, detail: error.code ?? error.message }, { cause: error })
  })
  if (found.isDirectory()) throw new LogpipeError('FILE_IS_DIRECTORY', { path })
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw new LogpipeError('FILE_NOT_READABLE', { path, detail: error.code ?? error.message }, { cause: error })
  })
  return { path, bytes: found.size }
}

/** The blob's name for a file: its own, with what the allow-list refuses replaced. */
export const blobNameOf = (path: string): string => checkSourceName(basename(path).replaceAll(/[^\p{L}\p{N}._=@+,~ ()-]/gu, '_').replace(/\.+$/, '') || 'source.log')

/** The log that a run takes when none is named: the user's own sample in logs/, else a small generated one. */
export async function defaultSource(home: string): Promise<LocalFile> {
  const own = fromUser('logs/OpenSSH_2k.log')
  if (existsSync(own)) return localFile(own)
  const { generateLog } = await import('@logpipe/loggen')
  await mkdir(join(home, 'generated'), { recursive: true })
  const path = join(home, 'generated', 'generated-2k.log')
  await pipeline(Readable.from(generateLog({ seed: 7, lines: 2000, start: '2026-01-05T00:00:00Z', days: 1 })), createWriteStream(path))
  return localFile(path)
}
