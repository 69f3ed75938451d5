/** What secrets look like in URLs, connection strings and headers; the name before them stays. */
const SECRETS: readonly RegExp[] = [
  /\b(sig=)[^&\s"']+/gi,
  /\b((?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd|client_secret)=)[^;&\s"']+/gi,
  /\b(Bearer |Basic |SharedKey )[\w+/=.~:-]{8,}/g,
  /\b(dapi)[0-9a-f]{16,}(?:-\d+)?/g,
  /\b(ey[JK])[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
]

/** Text with secrets blotted out: for everything that is logged or kept. */
export const scrub = (text: string): string => SECRETS.reduce((clean, secret) => clean.replaceAll(secret, '$1***'), text)
