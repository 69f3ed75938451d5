import { spread, sweepSuite } from './crash/suite.ts'

sweepSuite({ size: 'sample', seed: 6, lines: 400, choose: spread(3, 6) })
