import { LogpipeError, type ObjectStore, type Part } from '@logpipe/core'

/**
 * Addresses from which a login was accepted, from gold's activity_by_address.csv. Fields that an attacker may fill (host names) can be
 * quoted and hold commas and line ends, so the text is walked after RFC 4180; reads as it comes.
 */
export async function successfulAddresses(store: ObjectStore, part: Part): Promise<Set<string>> {
  const successful = new Set<string>()
  let columns: { address: number; successes: number } | undefined
  const take = (fields: readonly string[]): void => {
    if (columns === undefined) {
      columns = { address: fields.indexOf('address'), successes: fields.indexOf('successes') }
      if (columns.address < 0 || columns.successes < 0) throw new LogpipeError('OUTPUT_CORRUPT', { name: part.name, found: fields.join(), expected: 'address and successes' })
    } else if (Number(fields[columns.successes]) > 0) successful.add(fields[columns.address] ?? '')
  }
  const decoder = new TextDecoder()
  let fields: string[] = []
  let field = ''
  let quoted = false
  for await (const chunk of store.read(part)) {
    for (const character of decoder.decode(chunk, { stream: true })) {
      if (character === '"') quoted = !quoted // a doubled quote closes and opens: no address holds one
      else if (character === ',' && !quoted) {
        fields.push(field)
        field = ''
      } else if (character === '\n' && !quoted) {
        take([...fields, field.replace(/\r$/, '')])
        fields = []
        field = ''
      } else field += character
    }
  }
  return successful
}
