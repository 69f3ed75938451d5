// C0 but for line feed and tab, DEL, C1, line and paragraph separators, bidi marks, embeddings, overrides and isolates.
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * Text for a terminal: an attacker writes the log lines, so whatever could move the cursor, ring, recolour or reorder is shown as an escape
 * (`\x1b`, `\u202e`). The one function for all output.
 */
export const safeText = (text: string): string =>
  text.replaceAll(UNSAFE, (found) => {
    const code = found.charCodeAt(0)
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
  })
