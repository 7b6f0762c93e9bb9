import tseslint from 'typescript-eslint'

const nodeBuiltins = [
  'assert', 'buffer', 'child_process', 'cluster', 'crypto', 'dgram', 'dns', 'events', 'fs', 'fs/promises', 'http', 'http2',
  'https', 'module', 'net', 'os', 'path', 'perf_hooks', 'process', 'readline', 'stream', 'timers', 'timers/promises', 'tls',
  'url', 'util', 'v8', 'vm', 'worker_threads', 'zlib',
]

export default tseslint.config(
  { ignores: ['dist/', 'dist-client/', 'dist-http-client/', 'node_modules/', 'coverage/', 'eslint.config.js', 'deploy/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: ['./tsconfig.json', './page/tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // An interface method may be answered synchronously by one implementation and not by another.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
    },
  },
  {
    // It runs in Node, browsers, Deno and Bun.
    files: ['clients/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: nodeBuiltins, patterns: ['node:*'] }],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'setImmediate', 'require', 'global'],
    },
  },
  {
    // It runs in browsers.
    files: ['page/src/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': ['error', { paths: nodeBuiltins, patterns: ['node:*'] }],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'setImmediate', 'require', 'global'],
    },
  },
  {
    // The sandbox that runs workflows has no Node: an import of a built-in would fail at start, or break replay.
    files: ['src/workflows/**/*.ts', 'src/protocol/**/*.ts'],
    ignores: ['src/workflows/bundle.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: nodeBuiltins, patterns: ['node:*'] }],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch', 'setImmediate'],
      // All runs of a worker share what is loaded (src/workflows/shared.ts).
      'no-restricted-syntax': [
        'error',
        { selector: ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration[kind="let"]', message: 'All runs would share this variable: keep it in the run, or under thisRun().' },
        { selector: ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^(Map|Set)$/][arguments.length=0]', message: 'All runs would share this collection: keep it in the run, or in a WeakMap under thisRun().' },
        { selector: ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator > ArrayExpression.init[elements.length=0]', message: 'All runs would share this list: keep it in the run, or under thisRun().' },
      ],
    },
  },
)
