import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { latestPointers, LogpipeError, type ObjectStore } from '@logpipe/core'
import { type Choice, decide, type DecisionFormat, formatDecisions, readJudgements } from '@logpipe/core/judgements'
import type { Severity } from '@logpipe/core/detections'
import { findAnomalies, type Listed, type Where } from '../anomalies/findings.ts'
import { successfulAddresses } from '../anomalies/successful.ts'
import { secondsOf } from '../anomalies/words.ts'
import { print, printJson, tell } from '../output.ts'
import { withTarget } from '../target/with-target.ts'

export interface ExportOptions extends Where {
  readonly json: boolean
  readonly format: DecisionFormat
  readonly for: string
  readonly severity: Severity
  readonly out?: string
  readonly withPrivate: boolean
  readonly withSuccessful: boolean
}

/** The run or source that was named, else all that is published. */
async function findings(store: ObjectStore, where: Where): Promise<Listed[]> {
  if (where.run !== undefined || where.source !== undefined) return [await findAnomalies(store, where)]
  const pointers = await latestPointers(store)
  if (pointers.length === 0) throw new LogpipeError('NOTHING_PUBLISHED', { what: 'a log' })
  const all: Listed[] = []
  for (const { source } of pointers) all.push(await findAnomalies(store, { source: source.name }))
  return all
}

/** `logpipe decisions export`: the addresses worth blocking, in the form another tool takes, on stdout or in a file. */
export async function exportDecisions(options: ExportOptions): Promise<number> {
  const choice: Choice = { atLeast: options.severity, seconds: secondsOf(options.for), nowMs: Date.now(), withPrivate: options.withPrivate, withSuccessful: options.withSuccessful }
  return withTarget('storage', tell, async ({ store }) => {
    const found = []
    for (const listed of await findings(store, options)) {
      found.push({ runId: listed.runId, anomalies: listed.anomalies, successful: await successfulAddresses(store, await listed.part('activity_by_address')) })
    }
    const decisions = decide(found, await readJudgements(store), choice)
    const text = formatDecisions(options.format, decisions, choice.nowMs)
    if (options.out !== undefined) await write(options.out, text)
    if (options.json) printJson({ ok: true, data: decisions })
    else if (options.out === undefined) print(text.trimEnd())
    else print(`${decisions.length} decisions in ${options.out}`)
    return 0
  })
}

/** Whoever reads the file acts on it as root: nobody else may write it. */
async function write(path: string, text: string): Promise<void> {
  const full = resolve(process.env['INIT_CWD'] ?? '.', path)
  try {
    await using file = await open(full, 'w', 0o600)
    await file.writeFile(text)
  } catch (error) {
    throw new LogpipeError('OUTPUT_DIR_FAILED', { path: full, detail: (error as NodeJS.ErrnoException).code ?? String(error) }, { cause: error })
  }
}
