import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Routes } from './context.ts'

/** Beside the bundle of the image, else beside `src` in the checkout. */
const folderOf = (): string => {
  const [bundled, checkout] = ['dashboard', '../../dashboard'].map((path) => fileURLToPath(new URL(path, import.meta.url))) as [string, string]
  return existsSync(bundled) ? bundled : checkout
}
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}
/** Pages of the dashboard: the browser makes them from the one document. */
const PAGES = ['/', '/runs', '/runs/:run', '/runs/:run/anomalies', '/runs/:run/anomalies/:number', '/runs/:run/activity', '/model']

interface Asset {
  readonly type: string
  readonly zipped: Buffer
  readonly plain: Buffer
  readonly etag: string
}

/** Files of the dashboard by name, TypeScript without its types. Read when the first is asked for. */
export async function readAssets(folder: string = folderOf()): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>()
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(file.name)]
    if (!file.isFile() || type === undefined) continue
    const path = join(file.parentPath, file.name)
    const text = await readFile(path, 'utf8')
    const plain = Buffer.from(extname(file.name) === '.ts' ? stripTypeScriptTypes(text) : text)
    const etag = `"${createHash('sha256').update(plain).digest('hex').slice(0, 32)}"`
    assets.set(relative(folder, path).replaceAll('\\', '/'), { type, plain, zipped: gzipSync(plain, { level: 9 }), etag })
  }
  return assets
}

/** The dashboard: a document, a style sheet and modules of ours, the same for everybody. */
export const dashboardRoutes: Routes = (server) => {
  let reading: Promise<ReadonlyMap<string, Asset>> | undefined
  const send = async (request: FastifyRequest, reply: FastifyReply, name: string): Promise<FastifyReply | void> => {
    const asset = (await (reading ??= readAssets())).get(name)
    if (asset === undefined) return reply.callNotFound()
    void reply.header('etag', asset.etag).header('cache-control', 'no-cache').header('vary', 'accept-encoding')
    if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send()
    const zip = request.headers['accept-encoding']?.includes('gzip') === true
    if (zip) void reply.header('content-encoding', 'gzip')
    return reply.type(asset.type).send(zip ? asset.zipped : asset.plain)
  }
  const open = { schema: { hide: true }, config: { anonymous: true } } as const
  for (const page of PAGES) server.get(page, open, (request, reply) => send(request, reply, 'index.html'))
  server.get<{ Params: { '*': string } }>('/assets/*', open, (request, reply) => send(request, reply, request.params['*']))
}
