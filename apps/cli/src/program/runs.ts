import { type Command, Option } from 'commander'
import { STAGES } from '@logpipe/core'
import type { RerunOptions } from '../commands/control.ts'
import { type Finish, integer, json } from './options.ts'

const load = () => import('../commands/runs.ts')
const control = () => import('../commands/control.ts')

export const stage = (flag: string, description: string): Option => new Option(`--${flag} <stage>`, description).choices(STAGES.map(({ name }) => name))

/** `logpipe runs …`. */
export function addRuns(logpipe: Command, finish: Finish): void {
  const runs = logpipe.command('runs').description('the runs and what became of them')
  for (const [name, description, failed] of [['list', 'all runs, newest first', false], ['failed', 'the failed ones: why, and how to go on', true]] as const) {
    runs
      .command(name)
      .description(description)
      .option('--limit <n>', 'how many', integer, 50)
      .option(...json)
      .action(async (options: { json: boolean; limit: number }) => finish(await (await load()).listRuns({ ...options, failed })))
  }
  runs
    .command('show <run>')
    .description('one run: stages, counts, artifacts, error')
    .option(...json)
    .action(async (runId: string, options: { json: boolean }) => finish(await (await load()).showRun(runId, options)))
  runs
    .command('watch <run>')
    .description('follow a run to its end')
    .option(...json)
    .action(async (runId: string, options: { json: boolean }) => finish(await (await load()).watchRun(runId, options)))
  runs
    .command('cancel <run>')
    .description('stop a run and wait for its end; what is published stays')
    .option(...json)
    .action(async (runId: string, options: { json: boolean }) => finish(await (await control()).cancelRun(runId, options)))
  runs
    .command('retry <run>')
    .description('go on where a run ended badly, with its very parameters; what it did well is taken over')
    .option(...json)
    .action(async (runId: string, options: { json: boolean }) => finish(await (await control()).rerun(runId, options)))
  runs
    .command('rerun <run>')
    .description('run the same version of the source again, with the very same parameters')
    .addOption(stage('from', 'take over the layers before it').default('bronze'))
    .addOption(stage('until', 'end with it'))
    .option(...json)
    .action(async (runId: string, options: RerunOptions) => finish(await (await control()).rerun(runId, options)))
}
