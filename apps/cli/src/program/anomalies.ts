import { type Command, Option } from 'commander'
import { DECISION_FORMATS, ENTITY_KINDS, type Judgement } from '@logpipe/core/judgements'
import type { Severity } from '@logpipe/core/detections'
import type { Verdict } from '../commands/anomalies.ts'
import type { ExportOptions } from '../commands/decisions.ts'
import { type Finish, integer, json, run, severity, source } from './options.ts'

const load = () => import('../commands/anomalies.ts')

/** `logpipe anomalies …` and `logpipe decisions …`: what the analyst works with. */
export function addAnomalies(logpipe: Command, finish: Finish): void {
  const anomalies = logpipe.command('anomalies').description('who is suspicious, why, and what a person says of it')
  anomalies
    .command('list')
    .description('the flagged ones, worst first')
    .option(...run)
    .option(...source)
    .addOption(severity())
    .option('--all', 'also what is listed but not flagged', false)
    .option('--limit <n>', 'how many', integer, 100)
    .option(...json)
    .action(async (options: { json: boolean; severity: Severity; all: boolean; limit: number }) => finish(await (await load()).listAnomalies(options)))
  anomalies
    .command('show <rank-or-entity>')
    .description('one of them: detections, contributions to the score, evidence lines')
    .option(...run)
    .option(...source)
    .option(...json)
    .action(async (wanted: string, options: { json: boolean }) => finish(await (await load()).showAnomaly(wanted, options)))
  addVerdict(anomalies, 'dismiss', 'a finding was looked at and is no matter; later runs do not flag it', '30d', finish)
  addVerdict(anomalies, 'allow', 'the entity is known to be good (monitoring, a scanner of your own); later runs do not flag it', '52w', finish)
  anomalies
    .command('judged')
    .description('what was dismissed or allowed: by whom, why, until when')
    .option(...json)
    .action(async (options: { json: boolean }) => finish(await (await load()).listJudgements(options)))
  anomalies
    .command('revoke <entity>')
    .description('take back what was said of an entity')
    .option(...json)
    .action(async (entity: string, options: { json: boolean }) => finish(await (await load()).takeBack(entity, options)))
  addDecisions(logpipe, finish)
}

function addVerdict(anomalies: Command, kind: Judgement['kind'], description: string, time: string, finish: Finish): void {
  anomalies
    .command(`${kind} <entity>`)
    .description(description)
    .requiredOption('--reason <text>', 'why; stays visible')
    .option('--for <time>', 'how long it holds: 12h, 30d, 8w', time)
    .addOption(new Option('--kind <kind>', 'what the entity is (default: by its form)').choices(ENTITY_KINDS))
    .option('--host <name>', 'only on this host')
    .option('--detection <id>', 'only this detection')
    .option('--author <name>', 'who says it (default: the user who runs this)')
    .option(...json)
    .action(async (entity: string, options: Verdict) => finish(await (await load()).say(kind, entity, options)))
}

function addDecisions(logpipe: Command, finish: Finish): void {
  logpipe
    .command('decisions')
    .description('addresses worth blocking, for other tools')
    .command('export')
    .description('never ranges, never allowed or dismissed ones; private ones and those that logged in only when asked for')
    .addOption(new Option('--format <format>', 'for which tool').choices(DECISION_FORMATS).default('csv'))
    .option('--for <time>', 'how long the block holds: 12h, 30d, 8w', '24h')
    .option(...run)
    .option(...source)
    .addOption(severity())
    .option('--out <file>', 'write there instead of stdout (readable by its owner alone)')
    .option('--with-private', 'also private addresses', false)
    .option('--with-successful', 'also addresses from which a login was accepted', false)
    .option(...json)
    .addHelpText('after', '\nExample: npx logpipe decisions export --format nftables --out block.nft && nft -f block.nft')
    .action(async (options: ExportOptions) => finish(await (await import('../commands/decisions.ts')).exportDecisions(options)))
}
