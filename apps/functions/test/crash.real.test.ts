import { spread, sweepSuite } from './crash/suite.ts'

sweepSuite({ size: 'moderate', seed: 7, lines: 400, choose: spread(20, 7) })
