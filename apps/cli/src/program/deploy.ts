import type { Command } from 'commander'
import { deployCommand, type Finish, json } from './options.ts'

/** `logpipe deploy …`: what runs elsewhere is brought there. */
export function addDeploy(logpipe: Command, finish: Finish): void {
  deployCommand(logpipe)
    .command('databricks')
    .description('files, notebooks and the four jobs, into the workspace of DATABRICKS_HOST')
    .option('--plan', 'say what would be done, with its cost, and do nothing', false)
    .option(...json)
    .action(async (options: { plan: boolean; json: boolean }) => finish(await (await import('../commands/deploy-databricks.ts')).deployDatabricks(options)))
}
