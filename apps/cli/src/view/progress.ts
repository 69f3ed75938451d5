import { STAGES, type StageRecord } from '@logpipe/core'
import { Listr, ListrLogger, ProcessOutput } from 'listr2'

/** Stages as they go by, on stderr: stdout is for the result. */
export interface Progress {
  show(stages: readonly StageRecord[]): void
  /** Settles the open lines; call it once, also after a failure. */
  end(stages: readonly StageRecord[]): Promise<void>
}

const counted = ({ name, counts }: StageRecord): string =>
  (STAGES.find((stage) => stage.name === name)?.shows ?? []).map((count) => `${(counts[count] ?? 0).toLocaleString('en')} ${count.replaceAll('_', ' ')}`).join(', ')

const seconds = ({ startedAt, endedAt }: StageRecord): string =>
  startedAt && endedAt ? `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s` : ''

export function createProgress(): Progress {
  const waiting = STAGES.map(({ name, title, does }) => ({ name, title: `${title.padEnd(9)} ${does}`, stage: Promise.withResolvers<StageRecord | undefined>() }))
  const list = new Listr(
    waiting.map(({ title, stage }) => ({
      title,
      task: async (_context: unknown, task): Promise<void> => {
        const ended = await stage.promise
        if (!ended || ended.status === 'skipped' || ended.status === 'pending') return task.skip()
        const details = [seconds(ended), counted(ended)].filter((text) => text !== '').join('   ')
        task.title = `${title.padEnd(52)} ${details}`
        if (ended.status === 'failed') throw new Error(ended.error?.message ?? 'failed')
      },
    })),
    {
      exitOnError: false,
      registerSignalListeners: false,
      fallbackRenderer: 'simple',
      rendererOptions: { logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }) },
      fallbackRendererOptions: { logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }) },
    },
  )
  const running = list.run().catch(() => undefined)
  const settle = (stages: readonly StageRecord[]): void => {
    for (const { name, stage } of waiting) {
      const found = stages.find((candidate) => candidate.name === name)
      if (found && found.status !== 'pending' && found.status !== 'running') stage.resolve(found)
    }
  }
  return {
    show: settle,
    async end(stages) {
      settle(stages)
      for (const { stage } of waiting) stage.resolve(undefined)
      await running
    },
  }
}
