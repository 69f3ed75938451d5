import { join } from 'node:path'
import { runLayers } from './layers.ts'
import { runLimit } from './limit.ts'
import type { Job } from './measure.ts'
import { measurementOf } from './measurement.ts'

// The process that is measured: does one job and prints what it took.
const { work, file, threads, folder } = JSON.parse(process.argv[2] ?? '') as Job
const done = work === 'limit' ? await runLimit(file, join(folder, 'lines.parquet'), threads) : await runLayers(file, folder, threads)
process.stdout.write(JSON.stringify(measurementOf(done)))
