/** A writer of `2025-03-03T06:55:46` that works out each second once. */
export function isoSeconds(): (at: number) => string {
  let second = NaN
  let text = ''
  return (at) => {
    const now = Math.floor(at / 1000)
    if (now !== second) {
      second = now
      text = new Date(now * 1000).toISOString().slice(0, 19)
    }
    return text
  }
}
