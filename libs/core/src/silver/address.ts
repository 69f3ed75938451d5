const hexDigits = '0123456789abcdef'

/** Longest text of an IPv6 address without its scope: eight groups, the last two as IPv4. */
const MAX_LENGTH = 45

function ipv4(text: string): number[] | null {
  if (text.length > 15) return null
  const parts = text.split('.')
  if (parts.length !== 4) return null
  const numbers: number[] = []
  for (const part of parts) {
    if (part.length === 0 || part.length > 3 || (part.length > 1 && part[0] === '0')) return null
    for (const c of part) if (c < '0' || c > '9') return null
    const value = Number(part)
    if (value > 255) return null
    numbers.push(value)
  }
  return numbers
}

/** Groups between colons; null where one is none. An empty text has no groups. */
function groups(text: string): number[] | null {
  if (text === '') return []
  const values: number[] = []
  for (const group of text.split(':')) {
    if (group.length === 0 || group.length > 4) return null
    let value = 0
    for (const c of group) {
      const digit = hexDigits.indexOf(c)
      if (digit < 0) return null
      value = value * 16 + digit
    }
    values.push(value)
  }
  return values
}

function ipv6(source: string): number[] | null {
  let text = source.replace(/[A-F]/g, c => c.toLowerCase())
  if (text.includes('.')) {
    const colon = text.lastIndexOf(':')
    const tail = ipv4(text.slice(colon + 1)) as [number, number, number, number] | null
    if (tail === null) return null
    const [a, b, c, d] = tail
    text = `${text.slice(0, colon + 1)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  }
  const gap = text.indexOf('::')
  if (gap < 0) {
    const all = groups(text)
    return all?.length === 8 ? all : null
  }
  const left = groups(text.slice(0, gap))
  const right = groups(text.slice(gap + 2))
  if (left === null || right === null || left.length + right.length > 7) return null
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
}

/** RFC 5952: the longest run of two or more zero groups becomes `::`, the first one of equals. */
function compress(words: readonly number[]): string {
  let bestStart = -1
  let bestLength = 1
  for (let i = 0; i < 8; i++) {
    let end = i
    while (end < 8 && words[end] === 0) end++
    if (end - i > bestLength) {
      bestStart = i
      bestLength = end - i
    }
  }
  const text = (part: readonly number[]): string => part.map(word => word.toString(16)).join(':')
  return bestStart < 0 ? text(words) : `${text(words.slice(0, bestStart))}::${text(words.slice(bestStart + bestLength))}`
}

/**
 * Canonical text of an IP address: dotted IPv4, or IPv6 after RFC 5952 without its scope (`%eth0`); an IPv4-mapped one becomes IPv4.
 * Null for anything else: host names, UNKNOWN, IPv4 with leading zeros.
 */
export function canonicalAddress(raw: string): string | null {
  if (!raw.includes(':')) return ipv4(raw) === null ? null : raw
  const scope = raw.indexOf('%')
  const text = scope < 0 ? raw : raw.slice(0, scope)
  if (text.length > MAX_LENGTH) return null
  const words = ipv6(text)
  if (words === null) return null
  const mapped = words[5] === 0xffff && words.slice(0, 5).every(word => word === 0)
  if (!mapped) return compress(words)
  const [high, low] = words.slice(6) as [number, number]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
