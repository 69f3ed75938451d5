import { Command, CommanderError, Option } from 'commander'
import { LogpipeError, type StageName } from '@logpipe/core'
import type { EvaluateOptions } from './commands/evaluate.ts'
import { handleInterrupts, wasInterrupted } from './interrupt.ts'
import type { RunOptions } from './commands/run.ts'
import { fail } from './output.ts'
import { addAnomalies } from './program/anomalies.ts'
import { addDeploy } from './program/deploy.ts'
import { addModels } from './program/models.ts'
import { type Finish, integer, json } from './program/options.ts'
import { addRuns, stage } from './program/runs.ts'
import { addServices } from './program/services.ts'
import { addUpkeep } from './program/upkeep.ts'

/** Commands load what they need when they are called, so that `--help` answers at once. */
function program(finish: Finish): Command {
  const logpipe = new Command('logpipe')
    .description('OpenSSH logs become answers: Bronze, Silver, Gold and ML, on one machine or on Azure')
    .addOption(new Option('--target <target>', 'where it works: this machine, or the resources of the configuration').choices(['embedded', 'azure']).env('LOGPIPE_TARGET'))
    .hook('preAction', (command) => {
      const { target } = command.opts<{ target?: string }>()
      if (target !== undefined) process.env['LOGPIPE_TARGET'] = target
    })
    .exitOverride()
    .configureOutput({ outputError: () => undefined })

  logpipe
    .command('run [file]')
    .description('drop a log into bronze and follow its run to the end (npm start)')
    .option('--blob <name>', 'run what lies in bronze under that name, instead of a file')
    .option('--out <dir>', 'copy the outputs there as bronze/ silver/ gold/ ml/ report.json')
    .addOption(new Option('--engine <engine>', 'what its layers run on (default: the configuration)').choices(['duckdb', 'databricks', 'auto']).conflicts(['only', 'blob']))
    .option('--serve', 'stay up with the dashboard until Ctrl-C')
    .addOption(stage('until', 'end with it: nothing is published before the stage publish').conflicts('blob'))
    .addOption(stage('only', 'do that stage alone, over the layers of the run that is published').conflicts('until'))
    .option(...json)
    .addHelpText('after', '\nExample: npx logpipe run /var/log/auth.log --out answers')
    .action(async (file: string | undefined, options: RunOptions) => finish(await (await import('./commands/run.ts')).run(file, options)))

  logpipe
    .command('dev')
    .description('keep the pipeline up: storage, triggers, runs (npm run dev)')
    .option('--port <n>', 'port of the functions host (default: a free one)', integer)
    .option('--api-port <n>', 'port of the dashboard and API (default: a free one)', integer)
    .option('--storage-port <n>', 'port of the blob storage (default: a free one)', integer)
    .option(...json)
    .action(async (options: { json: boolean; port?: number; storagePort?: number; apiPort?: number }) => finish(await (await import('./commands/dev.ts')).dev(options)))

  logpipe
    .command('upload [file]')
    .description('put a log into bronze (default: logs/OpenSSH_2k.log where there is one, else a generated one); prints its ETag and run id')
    .option('--name <blob>', 'name in the container (default: the file name)')
    .addOption(stage('until', 'the stage that its run ends with'))
    .option(...json)
    .action(async (file: string | undefined, options: { json: boolean; name?: string; until?: StageName }) => finish(await (await import('./commands/upload.ts')).upload(file, options)))

  logpipe
    .command('explain <line>')
    .description('what the pipeline reads in one log line: header, template, event, fields; - reads lines from stdin')
    .option('--timezone <zone>', 'IANA zone of local times', 'UTC')
    .option('--base-time <iso>', 'times without a year get the one nearest before it (default: now)')
    .option(...json)
    .addHelpText('after', "\nExample: npx logpipe explain 'Jan  5 10:00:00 web-1 sshd[7]: Invalid user admin from 192.0.2.7 port 50022'")
    .action(async (line: string, options: { json: boolean; timezone: string; baseTime?: string }) => finish(await (await import('./commands/explain.ts')).explain(line, options)))

  logpipe
    .command('validate [run]')
    .description('read the results of a run back (default: the one published last) and hold them against manifests, schemas and each other')
    .option('--junit <file>', 'also as JUnit XML')
    .option('--markdown <file>', 'also as a Markdown table, e.g. for the summary of a CI job')
    .option(...json)
    .addHelpText('after', '\nIt ends with 4 when a check failed.')
    .action(async (run: string | undefined, options: { json: boolean; junit?: string; markdown?: string }) => finish(await (await import('./commands/validate.ts')).validate(run, options)))

  logpipe
    .command('doctor')
    .description('look at everything a run needs, and say what mends what is wrong; changes nothing')
    .option(...json)
    .addHelpText('after', '\nIt ends with 3 when a check failed. Example: npx logpipe doctor --target azure')
    .action(async (options: { json: boolean }) => finish(await (await import('./commands/doctor.ts')).doctor(options)))

  logpipe
    .command('evaluate')
    .description('how well attacks are found, on generated logs whose truth is known')
    .option('--seeds <list>', 'dev, to tune by, or test, to judge by', 'dev')
    .option('--mix <names...>', 'shares of attack and ordinary life: first, usual, quiet, siege (default: all)')
    .option('--lines <n>', 'of each log', integer, 20_000)
    .option('--markdown', 'tables for a page', false)
    .option(...json)
    .action(async (options: EvaluateOptions) => finish(await (await import('./commands/evaluate.ts')).evaluateDetection(options)))

  addRuns(logpipe, finish)
  addModels(logpipe, finish)
  addAnomalies(logpipe, finish)
  addServices(logpipe, finish)
  addUpkeep(logpipe, finish)
  addDeploy(logpipe, finish)
  return logpipe
}

async function main(words: string[]): Promise<number> {
  let code = 0
  try {
    await program((ended) => (code = ended)).parseAsync(words, { from: 'user' })
    return code
  } catch (thrown) {
    // What an interrupt broke is no error of its own: the handler ends the process.
    if (wasInterrupted()) return new Promise(() => undefined)
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return 0
      return fail(new LogpipeError('USAGE', { detail: thrown.message.replace(/^error: /, '') }), words.includes('--json'))
    }
    return fail(thrown, words.includes('--json'))
  }
}

handleInterrupts()
process.exitCode = await main(process.argv.slice(2))
