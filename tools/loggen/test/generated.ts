import type { LogOptions, Truth } from '../src/index.ts'
import { generateLog } from '../src/index.ts'

export function generated(options: LogOptions): { text: string; truth: Truth[] } {
  const truth: Truth[] = []
  const text = Buffer.concat([...generateLog({ ...options, onTruth: (row) => truth.push(row) })]).toString('latin1')
  return { text, truth }
}
