import type { Measurement } from '../src/measurement.ts'

/** A measurement whose layers take the given CPU each, and twice that in wall time. */
export function measured(cpuMs: number, layers: Readonly<Record<string, number>> = {}): Measurement {
  const phases = Object.entries(layers).map(([name, cpu]) => ({ name, cpuMs: cpu, wallMs: 2 * cpu }))
  return { wallMs: 2 * cpuMs, cpuMs, peakRssBytes: cpuMs * 1024 * 1024, phases }
}
