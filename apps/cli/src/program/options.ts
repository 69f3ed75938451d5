import { type Command, InvalidArgumentError, Option } from 'commander'
import { SEVERITIES } from '@logpipe/core/detections'

/** Tells the exit code of a command. */
export type Finish = (code: number) => void

export const json = ['--json', 'one JSON envelope on stdout', false] as const

export const integer = (text: string): number => {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted')
  return Number(text)
}

export const run = ['--run <id>', 'of this run (default: what is published)'] as const
export const source = ['--source <blob>', 'of this source (default: the one published last)'] as const
export const severity = (): Option => new Option('--severity <level>', 'at least').choices(SEVERITIES).default('medium')

/** `logpipe deploy`, to which each part adds its own. */
export const deployCommand = (logpipe: Command): Command =>
  logpipe.commands.find((command) => command.name() === 'deploy') ?? logpipe.command('deploy').description('bring what runs elsewhere to its place; what is there already stays')
