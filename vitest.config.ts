import { defineConfig } from 'vitest/config'

// One config for every project: `vitest run --root <project>`. Mode `real` takes the suites that need real parts (*.real.test.ts).
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'real' ? ['{src,test}/**/*.real.test.ts'] : ['{src,test}/**/*.test.ts'],
    exclude: mode === 'real' ? [] : ['**/*.real.test.ts'],
    passWithNoTests: true,
    testTimeout: mode === 'real' ? 300_000 : 30_000,
    hookTimeout: mode === 'real' ? 300_000 : 30_000,
    reporters: ['default', ['json', { outputFile: `.results/${mode}.json` }]],
    coverage: { provider: 'v8', reportsDirectory: 'coverage', include: ['src/**/*.ts'] },
  },
}))
