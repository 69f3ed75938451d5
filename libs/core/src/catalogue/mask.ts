const HOLE = '<*>'

/** Each `open … close` becomes the hole, `keep` before it. */
function maskQuoted(text: string, open: string, keep: string): string {
  const close = open[open.length - 1] as string
  let out = ''
  let at = 0
  for (;;) {
    const start = text.indexOf(open, at)
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length)
    if (end < 0) return out + text.slice(at)
    out += text.slice(at, start) + keep + HOLE
    at = end + 1
  }
}

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39
const isHex = (c: number): boolean => isDigit(c) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66)
const isNumberPart = (c: number): boolean => isHex(c) || c === 0x2e || c === 0x3a

function maskNumbers(text: string): string {
  let out = ''
  let from = 0
  let i = 0
  while (i < text.length) {
    if (!isDigit(text.charCodeAt(i))) {
      i++
      continue
    }
    let end = i + 1
    while (end < text.length && isNumberPart(text.charCodeAt(end))) end++
    const run = end
    while (end > i + 1 && !isHex(text.charCodeAt(end - 1))) end--
    out += text.slice(from, i) + HOLE
    from = end
    // What follows the last hex digit of the run is dots and colons only.
    i = run
  }
  return from === 0 ? text : out + text.slice(from)
}

/**
 * A template for a message that no catalogue entry fits: quoted text, numbers and addresses become `<*>`. The same as the regular
 * expressions `"[^"]*"`, ` '[^']*'` and `[0-9][0-9A-Fa-f.:]*[0-9A-Fa-f]|[0-9]`, which SQL uses, in this order.
 */
export function mask(text: string): string {
  let masked = text
  if (masked.includes('"')) masked = maskQuoted(masked, '"', '')
  if (masked.includes(` '`)) masked = maskQuoted(masked, ` '`, ' ')
  return maskNumbers(masked)
}
