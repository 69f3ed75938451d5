import { defineConfig } from 'vitest/config'

// One config for every project: `vitest run --root <project>`. Mode `real` takes the suites that need real parts (*.real.test.ts), mode
// `nightly` the full sizes of laws and sweeps (*.nightly.test.ts).
const KINDS = ['real', 'nightly']
export default defineConfig(({ mode }) => ({
  test: {
    include: KINDS.includes(mode) ? [`{src,test}/**/*.${mode}.test.ts`] : ['{src,test}/**/*.test.ts'],
    exclude: KINDS.includes(mode) ? [] : KINDS.map((kind) => `**/*.${kind}.test.ts`),
    // A Spark and a real sshd each want the machine for themselves.
    fileParallelism: !KINDS.includes(mode),
    passWithNoTests: true,
    testTimeout: KINDS.includes(mode) ? 3_600_000 : 90_000,
    hookTimeout: KINDS.includes(mode) ? 3_600_000 : 60_000,
    reporters: ['default', ['json', { outputFile: `.results/${mode}.json` }]],
    coverage: { provider: 'v8', reportsDirectory: 'coverage', include: ['src/**/*.ts'] },
  },
}))
