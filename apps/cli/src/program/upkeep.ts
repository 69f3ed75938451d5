import type { Command } from 'commander'
import type { BackfillOptions } from '../commands/backfill.ts'
import { type Finish, integer, json } from './options.ts'

/** `logpipe backfill`, `logpipe purge`, `logpipe storage …`: for who keeps it running. */
export function addUpkeep(logpipe: Command, finish: Finish): void {
  logpipe
    .command('backfill')
    .description('run what lies in bronze and has no run yet')
    .option('--prefix <text>', 'names that start with it', '')
    .option('--since <iso>', 'changed at or after it')
    .option('--until <iso>', 'changed before it')
    .option('--parallel <n>', 'so many at once (the pipeline has its own limit, parallelRuns)', integer, 4)
    .option('--again', 'also what has run already, from bronze on', false)
    .option(...json)
    .action(async (options: BackfillOptions) => finish(await (await import('../commands/backfill.ts')).backfill(options)))
  logpipe
    .command('purge')
    .description('remove data of ended runs that no pointer, model or stream needs; sources are never touched')
    .requiredOption('--older-than <time>', 'runs that ended longer ago: 12h, 30d, 8w')
    .option('--plan', 'count only', false)
    .option(...json)
    .action(async (options: { olderThan: string; plan: boolean; json: boolean }) => finish(await (await import('../commands/purge.ts')).purgeRuns(options)))
  logpipe
    .command('storage')
    .description('the storage account of LOGPIPE_STORAGE')
    .command('init')
    .description('make the containers bronze, silver, gold and pipeline where they are missing')
    .option(...json)
    .action(async (options: { json: boolean }) => finish(await (await import('../commands/storage.ts')).initStorage(options)))
}
