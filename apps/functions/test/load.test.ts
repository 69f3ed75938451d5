import { loadSuites } from './load/suites.ts'

loadSuites({ size: 'sample', seed: 5, faults: 40, storm: { files: 12, events: 150 }, versions: 4, soak: 15 })
