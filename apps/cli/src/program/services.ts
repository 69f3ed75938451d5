import type { Command } from 'commander'
import { deployCommand, type Finish, integer, json } from './options.ts'

const load = () => import('../commands/services.ts')

/** `logpipe deploy services`, `logpipe services …`: MLflow and the API on AKS. */
export function addServices(logpipe: Command, finish: Finish): void {
  deployCommand(logpipe)
    .command('services')
    .description('MLflow and the API to the AKS cluster of the configuration; what serves already is left alone')
    .option('--plan', 'say what would be done, and do nothing', false)
    .option('--force', 'take fields that another manager owns', false)
    .option(...json)
    .action(async (options: { plan: boolean; force: boolean; json: boolean }) => finish(await (await load()).deployServices(options)))

  const services = logpipe.command('services').description('MLflow and the API on AKS')
  services
    .command('status')
    .description('what runs, from which revision, and how the last deployment ended')
    .option(...json)
    .action(async (options: { json: boolean }) => finish(await (await load()).servicesStatus(options)))
  services
    .command('rollback')
    .description('back to the revision before; after a failed deployment, to the one that serves')
    .option(...json)
    .action(async (options: { json: boolean }) => finish(await (await load()).rollbackServices(options)))
  services
    .command('open [name]')
    .description('api (default) or mlflow on a port of this machine, until Ctrl-C')
    .option('--port <n>', 'port on 127.0.0.1 (default: a free one)', integer)
    .option(...json)
    .action(async (name: string | undefined, options: { port?: number; json: boolean }) => finish(await (await load()).openService(name ?? 'api', options)))
}
