/** Two sets of rules that say what a folder may touch; each has a planted fault in tools/workspace/test that must be refused. */

const ban = (name, why) => ({ name, message: why })
const nodeImports = { group: ['node:*'], message: 'This code runs everywhere and must stay pure: take it through a port.' }

/** Orchestrators are replayed: the same history must give the same decisions. */
export const deterministicOrchestrators = [
  {
    files: ['apps/functions/src/orchestrators/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ban('Date', 'Replay needs one clock: use context.df.currentUtcDateTime.'),
        ban('process', 'Configuration reaches an orchestrator through its input.'),
        ban('fetch', 'Effects belong in an activity.'),
        ban('crypto', 'Randomness differs on replay: make it in an activity.'),
        ban('performance', 'Replay needs one clock: use context.df.currentUtcDateTime.'),
        ban('setTimeout', 'Use context.df.createTimer.'),
        ban('setInterval', 'Use context.df.createTimer.'),
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Randomness differs on replay: make it in an activity.' }],
      'no-restricted-imports': ['error', { patterns: [nodeImports] }],
    },
  },
]

/** libs/core decides and describes; it knows no vendor and no runtime. */
export const pureCore = [
  {
    files: ['libs/core/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', ban('process', 'Core is pure: pass it in.'), ban('fetch', 'Core is pure: use a port.'), ban('Buffer', 'Use Uint8Array.')],
      'no-restricted-imports': ['error', { patterns: [nodeImports, { group: ['@azure/*', '@duckdb/*', '@kubernetes/*'], message: 'No vendor in core.' }] }],
    },
  },
]
