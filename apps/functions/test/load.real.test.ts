import { loadSuites } from './load/suites.ts'

loadSuites({ size: 'moderate', seed: 6, faults: 250, storm: { files: 60, events: 1200 }, versions: 15, soak: 100 })
