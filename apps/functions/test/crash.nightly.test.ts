import { sweepSuite } from './crash/suite.ts'

sweepSuite({ size: 'full', seed: 8, lines: 30_000, choose: (points) => points })
