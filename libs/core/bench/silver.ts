/**
 * CPU and wall time of the silver parse alone: node bench/silver.ts CATALOGUE.json FILE [runs]. Splits the file first, so that only the
 * writer is timed. CATALOGUE.json is events.yaml as JSON.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { compileCatalogue } from '../src/catalogue/index.ts'
import { createSplitter, type LineBatch } from '../src/lines/index.ts'
import { createSilverWriter } from '../src/silver/index.ts'

const [cataloguePath, path, runs = '5'] = process.argv.slice(2)
if (cataloguePath === undefined || path === undefined) throw new Error('usage: node bench/silver.ts CATALOGUE.json FILE [runs]')
const CHUNK = 1 << 20
const catalogue = compileCatalogue(JSON.parse(readFileSync(cataloguePath, 'utf8')))
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const source = readFileSync(path)
const splitter = createSplitter({
  sha256: () => {
    const hash = createHash('sha256')
    return { update: bytes => void hash.update(bytes), hex: () => hash.digest('hex') }
  },
})
const batches: LineBatch[] = []
for (let at = 0; at < source.length; at += CHUNK) batches.push(...splitter.push(source.subarray(at, at + CHUNK)))
batches.push(...splitter.finish())

for (let run = 0; run < Number(runs); run++) {
  const cpu = process.cpuUsage()
  const wall = performance.now()
  const writer = createSilverWriter(catalogue, { timezone: 'UTC', baseTimeMs: Date.UTC(2025, 11, 31) }, { sha256 })
  let bytes = 0
  for (const batch of batches) bytes += writer.push(batch).events.length
  const { counts, events } = writer.finish()
  bytes += events.length
  const { user, system } = process.cpuUsage(cpu)
  process.stdout.write(
    `${JSON.stringify({ lines: counts.lines, parsed: counts.parsed, unclassified: counts.unclassified, mb: Math.round(bytes / 1e6), wallMs: Math.round(performance.now() - wall), cpuMs: Math.round((user + system) / 1000) })}\n`,
  )
}
