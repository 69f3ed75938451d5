import { LogpipeError } from '@logpipe/core'
import { parseDocument } from 'yaml'
import { plainYaml } from './plain-yaml.ts'

/** What we ask of a zod schema. */
interface Shape<Value> {
  safeParse(value: unknown): { success: true; data: Value } | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } }
}

/** Collects all faults of a definition, so that a person mends them in one go. */
export class Faults {
  readonly #found: string[] = []

  add(path: string, problem: string): void {
    this.#found.push(`${path}: ${problem}`)
  }

  get any(): boolean {
    return this.#found.length > 0
  }

  /** CATALOGUE_NOT_VALID with one line a fault. */
  error(): LogpipeError {
    return new LogpipeError('CATALOGUE_NOT_VALID', { detail: this.#found.join('\n') })
  }

  /** YAML that fits a schema, or undefined with its faults noted. */
  parse<Value>(path: string, text: string, shape: Shape<Value>): Value | undefined {
    const value = this.yaml(path, text)
    if (value === undefined) return undefined
    const result = shape.safeParse(value)
    if (result.success) return result.data
    for (const issue of result.error.issues) this.add(path, `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`)
    return undefined
  }

  yaml(path: string, text: string): unknown {
    const plain = plainYaml(text)
    if (plain !== undefined) return plain
    const document = parseDocument(text)
    for (const error of document.errors) this.add(path, error.message.split('\n')[0] ?? error.code)
    return document.errors.length > 0 ? undefined : (document.toJS() as unknown)
  }
}
