import nx from '@nx/eslint-plugin'
import tseslint from 'typescript-eslint'
import { deterministicOrchestrators, pureCore } from './tools/workspace/lint/rules.mjs'

/** Who may import whom: apps → adapters, rules → core. Adapters never see each other; nothing imports an app. */
const boundaries = [
  { sourceTag: 'layer:core', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'layer:data', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'layer:definition', onlyDependOnLibsWithTags: ['layer:core', 'layer:data'] },
  { sourceTag: 'layer:adapter', onlyDependOnLibsWithTags: ['layer:core'] },
  { sourceTag: 'layer:rules', onlyDependOnLibsWithTags: ['layer:core'] },
  { sourceTag: 'layer:app', onlyDependOnLibsWithTags: ['layer:core', 'layer:definition', 'layer:adapter', 'layer:rules', 'layer:tool'] },
  { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: ['layer:core', 'layer:definition', 'layer:adapter', 'layer:rules', 'layer:tool'] },
]

const boundaryRule = (constraints) => ['error', { allow: [], depConstraints: constraints, enforceBuildableLibDependency: false }]
/** Tests prove a part against real parts (Azurite, a host, generated logs), so they may also use the tools. */
const testBoundaries = boundaries.map((rule) => ({ ...rule, onlyDependOnLibsWithTags: [...rule.onlyDependOnLibsWithTags, 'layer:tool', 'layer:core', 'layer:definition'] }))

export default tseslint.config(
  { ignores: ['**/dist/**', '**/coverage/**', '**/.results/**', '**/.nx/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.mjs', '*.ts'] }, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaryRule(boundaries),
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [{ from: 'package', name: ['test', 'describe'], package: 'vitest' }] }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['**/*.mjs', '**/*.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.test.ts', '**/test/**'], rules: { '@nx/enforce-module-boundaries': boundaryRule(testBoundaries) } },
  ...deterministicOrchestrators,
  ...pureCore,
)
