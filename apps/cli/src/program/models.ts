import type { Command } from 'commander'
import { type Finish, json } from './options.ts'

const load = () => import('../commands/models.ts')

/** `logpipe models …`. */
export function addModels(logpipe: Command, finish: Finish): void {
  const models = logpipe.command('models').description('versions of the model that runs start with')
  models
    .command('list')
    .description('all versions, newest first; * is the one that runs start with')
    .option(...json)
    .action(async (options: { json: boolean }) => finish(await (await load()).listModels(options)))
  models
    .command('show [version]')
    .description('one version: sources, threshold, tables (default: current)')
    .option(...json)
    .action(async (version: string | undefined, options: { json: boolean }) => finish(await (await load()).showModel(version ?? 'current', options)))
  models
    .command('compare <first> [second]')
    .description('how two versions differ: drift of each feature, sources, logins (second default: current)')
    .option(...json)
    .action(async (first: string, second: string | undefined, options: { json: boolean }) => finish(await (await load()).compareVersions(first, second ?? 'current', options)))
  models
    .command('promote <version>')
    .description('runs start with this version from now on, whatever is learnt; latest: with the newest again, always')
    .option(...json)
    .action(async (version: string, options: { json: boolean }) => finish(await (await load()).promoteModel(version, options)))
  models
    .command('rollback')
    .description('runs start with the version before the current one')
    .option(...json)
    .action(async (options: { json: boolean }) => finish(await (await load()).rollbackModel(options)))
}
