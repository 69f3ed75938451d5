import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** Samples and records beside the definition: no run reads them. */
const BESIDE = /^(fixtures|schemas\/published)\//

/** The YAML and SQL files of a definition by path from its root, `/` between, in path order. */
export type Files = ReadonlyMap<string, string>

export async function readFiles(dir: string): Promise<Files> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter((path) => /\.(yaml|sql)$/.test(path) && !path.includes('node_modules/') && !BESIDE.test(path))
    .sort()
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(dir, path), 'utf8')] as const)))
}

/** Hex sha256 over path and text of each file, in path order: another one means that the same log may give other bytes. */
export function hashFiles(files: Files): string {
  const hash = createHash('sha256')
  for (const [path, text] of files) hash.update(`${path}\0${Buffer.byteLength(text)}\0`).update(text)
  return hash.digest('hex')
}

/** Files right under a folder with a suffix, as [name without folder, text]. */
export function filesUnder(files: Files, folder: string, suffix: string): (readonly [name: string, text: string])[] {
  return [...files]
    .filter(([path]) => path.startsWith(`${folder}/`) && path.endsWith(suffix) && !path.slice(folder.length + 1).includes('/'))
    .map(([path, text]) => [path.slice(folder.length + 1), text] as const)
}
