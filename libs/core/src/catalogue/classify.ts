import { decode } from './bytes.ts'
import type { CompiledCatalogue, CompiledMessage } from './compile.ts'
import type { HoleField } from './document.ts'
import { mask } from './mask.ts'
import { Matcher } from './matcher.ts'
import { Wrapper } from './wrapper.ts'

/** Strips the wrapping of an sshd message and finds its catalogue entry. `classify` overwrites the result of the call before. */
export class Classifier {
  readonly wrapper = new Wrapper()
  readonly matcher: Matcher
  /** The entry that fits; null when none does. */
  message: CompiledMessage | null = null

  constructor(catalogue: Pick<CompiledCatalogue, 'messages'>) {
    this.matcher = new Matcher(catalogue.messages)
  }

  classify(bytes: Uint8Array, start: number, end: number): void {
    this.wrapper.unwrap(bytes, start, end)
    const { bodyStart, bodyEnd, bodyTrimmed } = this.wrapper
    this.message = this.matcher.match(bytes, bodyStart, bodyEnd, bodyTrimmed)
  }

  /** What came of it, as the entry says. */
  get outcome(): CompiledMessage['outcome'] {
    const { message, wrapper } = this
    return (wrapper.preauth ? message?.preauth : undefined) ?? message?.outcome ?? 'none'
  }

  /** The `<*>` template of the last classified message, wrapping included. */
  template(bytes: Uint8Array): string {
    const { bodyStart, bodyEnd } = this.wrapper
    return this.wrapper.wrap(this.message === null ? mask(decode(bytes, bodyStart, bodyEnd)) : this.message.text)
  }

  /** The text of a named hole; null where the message has none. */
  hole(bytes: Uint8Array, field: HoleField): string | null {
    const i = this.message?.holes.findIndex(hole => hole.field === field) ?? -1
    return i < 0 ? null : decode(bytes, this.matcher.starts[i], this.matcher.ends[i])
  }
}
