import { loadSuites } from './load/suites.ts'

loadSuites({ size: 'full', seed: 7, faults: 1000, storm: { files: 500, events: 10_000 }, versions: 60, soak: 2000 })
