import { defineConfig } from 'vitest/config'

/** Tests that run agents: they share one Temporal server and one bundle of the workflows. */
const onTemporal = ['test/workflows/**/*.test.ts', 'test/faults/**/*.test.ts', 'test/replay/**/*.test.ts']

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // Two cores: files one after the other keep the servers that they share quick, and failures readable.
    fileParallelism: false,
    projects: [
      { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: onTemporal, sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'agents', include: onTemporal, globalSetup: ['test/support/global-setup.ts'], sequence: { groupOrder: 1 } } },
    ],
  },
})
