import { cp, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** What the API's image holds, written to `out`: main.mjs, one file without node_modules, pipelines/openssh, and the dashboard's files. */
export async function bundleApi(out: string): Promise<void> {
  await mkdir(out, { recursive: true })
  await build({
    entryPoints: [join(ROOT, 'apps/api/src/main.ts')],
    outfile: join(out, 'main.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    // Packages of the older kind call require, which modules do not have.
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
  })
  await cp(join(ROOT, 'pipelines/openssh'), join(out, 'pipelines/openssh'), { recursive: true })
  await cp(join(ROOT, 'apps/api/dashboard'), join(out, 'dashboard'), { recursive: true })
}

const [, script, out] = process.argv
if (script === fileURLToPath(import.meta.url) && out) await bundleApi(resolve(out))
