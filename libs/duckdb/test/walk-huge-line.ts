import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HashingFile } from '../src/hashing-file.ts'
import { LinesParquet } from '../src/parquet/lines-parquet.ts'
import { walkLines } from '../src/source-lines.ts'
import { DEFAULT_GZIP_LIMITS } from '../src/open-source.ts'
import { WorkFolder } from '../src/work-folder.ts'

// Run by a test as a process of its own: walks one line of so many MiB into Parquet and prints what it found and its peak memory.
const mebibytes = Number(process.argv[2])
const chunk = new Uint8Array(1 << 20).fill(0x78)

async function* source(): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < mebibytes; i++) yield chunk
  yield Buffer.from('\nthe next line\n')
}

const dir = mkdtempSync(join(tmpdir(), 'logpipe-huge-'))
try {
  const folder = new WorkFolder(dir, 'run')
  await folder.make()
  const writer = new LinesParquet(new HashingFile(folder.fresh('.parquet')), 'bronze/a.log', [{ name: 'line_no' }, { name: 'raw' }, { name: 'flags' }, { name: 'sha256' }])
  const lines: unknown[] = []
  const store = { read: source } as never
  const limits = { maxLineBytes: 65_536, ...DEFAULT_GZIP_LIMITS }
  await walkLines({ store, source: { container: 'bronze', name: 'a', etag: 'e', bytes: 0 }, folder, limits, signal: new AbortController().signal }, (batch) => {
    writer.add(batch)
    for (let i = 0; i < batch.count; i++) lines.push({ length: batch.lengths[i], flags: batch.flags[i], kept: batch.ends[i]! - batch.starts[i]!, sha256: batch.special.get(i)?.sha256 ?? null })
  })
  writer.finish()
  process.stdout.write(JSON.stringify({ lines, peakMiB: process.resourceUsage().maxRSS / 1024 }))
} finally {
  rmSync(dir, { recursive: true, force: true })
}
