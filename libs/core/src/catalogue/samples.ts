import { encode } from './bytes.ts'
import { Classifier } from './classify.ts'
import type { CompiledCatalogue } from './compile.ts'
import { messageFields } from './fields.ts'

/** Follow from another field, so that a sample may leave them out. */
const DERIVED = new Set(['address', 'address_raw', 'repeat'])

/** Checks that each entry's sample fits that entry first, and gives just the fields it promises. */
export function sampleFaults(catalogue: CompiledCatalogue): string[] {
  const classifier = new Classifier(catalogue)
  const faults: string[] = []
  for (const message of catalogue.messages) {
    const bytes = encode(message.sample.message)
    classifier.classify(bytes, 0, bytes.length)
    const fitting = classifier.message
    if (fitting !== message) {
      faults.push(`${message.id}: the sample fits ${fitting === null ? 'no message' : `${fitting.id} first`}`)
      continue
    }
    const found = new Map<string, string | number | boolean | null>([
      ...Object.entries(messageFields(classifier, bytes)),
      ['repeat', classifier.wrapper.repeat],
    ])
    const expected = new Map(Object.entries(message.sample.fields))
    for (const [name, value] of expected) {
      if (!found.has(name)) faults.push(`${message.id}: the sample names an unknown field ${name}`)
      else if (found.get(name) !== value) faults.push(`${message.id}: the sample's ${name} is ${JSON.stringify(found.get(name))}, not ${JSON.stringify(value)}`)
    }
    for (const [name, value] of found) {
      if (value !== null && !expected.has(name) && !DERIVED.has(name)) faults.push(`${message.id}: the sample leaves out ${name} ${JSON.stringify(value)}`)
    }
    if (found.get('address_raw') !== null && !['address', 'address_raw', 'rhost'].some(name => expected.has(name))) {
      faults.push(`${message.id}: the sample leaves out address_raw ${JSON.stringify(found.get('address_raw'))}`)
    }
  }
  return faults
}
