/** UTF-16 to UTF-8. A surrogate without its other half and an odd last byte become U+FFFD and make the result `lossy`. */
export function utf16ToUtf8(bytes: Uint8Array, bigEndian: boolean): { text: Uint8Array; lossy: boolean } {
  const units = bytes.length >> 1
  const text = new Uint8Array(units * 3 + 3)
  const unit = (i: number): number => {
    const first = bytes[2 * i] as number
    const second = bytes[2 * i + 1] as number
    return bigEndian ? (first << 8) | second : (second << 8) | first
  }
  let length = 0
  let lossy = false
  const put = (code: number): void => {
    if (code < 0x80) {
      text[length++] = code
    } else if (code < 0x800) {
      text[length++] = 0xc0 | (code >> 6)
      text[length++] = 0x80 | (code & 0x3f)
    } else {
      if (code < 0x10000) {
        text[length++] = 0xe0 | (code >> 12)
      } else {
        text[length++] = 0xf0 | (code >> 18)
        text[length++] = 0x80 | ((code >> 12) & 0x3f)
      }
      text[length++] = 0x80 | ((code >> 6) & 0x3f)
      text[length++] = 0x80 | (code & 0x3f)
    }
  }
  for (let i = 0; i < units; i++) {
    const code = unit(i)
    if (code < 0xd800 || code > 0xdfff) {
      put(code)
      continue
    }
    const next = code < 0xdc00 && i + 1 < units ? unit(i + 1) : 0
    if (next >= 0xdc00 && next <= 0xdfff) {
      put(0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00))
      i++
    } else {
      put(0xfffd)
      lossy = true
    }
  }
  if (bytes.length % 2 === 1) {
    put(0xfffd)
    lossy = true
  }
  return { text: text.subarray(0, length), lossy }
}
