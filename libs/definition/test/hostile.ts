import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LINE_FLAGS, type LineBatch } from '@logpipe/core/lines'
import { parse } from 'yaml'
import { defaultDefinitionDir } from '../src/index.ts'

/** One line's expectation: fields of its event or quarantine row; `quarantine` is the reason, `flags` what bronze says. */
export type Expected = Readonly<Record<string, string | number | boolean | null>>

export interface HostileCase {
  readonly name: string
  readonly threat: string
  readonly text?: string
  readonly latin1?: string
  readonly parts?: readonly (readonly [text: string, times: number])[]
  readonly expect: readonly Expected[]
}

/** pipelines/openssh/fixtures/hostile.yaml. */
export const hostileCases = (parse(await readFile(join(defaultDefinitionDir(), 'fixtures/hostile.yaml'), 'utf8')) as { cases: HostileCase[] }).cases

export function bytesOf({ name, text, latin1, parts }: HostileCase): Buffer {
  if (text !== undefined) return Buffer.from(text)
  if (latin1 !== undefined) return Buffer.from(latin1, 'latin1')
  if (parts !== undefined) return Buffer.from(parts.map(([part, times]) => part.repeat(times)).join(''))
  throw new Error(`${name}: no source`)
}

/** Names of each line's flags, as bronze writes them. */
export const flagsOf = (batches: readonly LineBatch[]): string[] =>
  batches.flatMap(({ count, flags }) =>
    Array.from({ length: count }, (_, i) =>
      Object.entries(LINE_FLAGS)
        .filter(([, bit]) => ((flags[i] ?? 0) & bit) !== 0)
        .map(([name]) => name)
        .join(' '),
    ),
  )
