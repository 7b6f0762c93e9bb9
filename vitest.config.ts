import { defineConfig } from 'vitest/config'

/** Tests of what an agent does: they run on both sets of stores. */
const ofAgents = ['test/workflows/*.test.ts']
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
      {
        extends: true,
        test: {
          name: 'agents on MongoDB and Qdrant',
          include: ofAgents,
          exclude: ['test/workflows/long-conversation.test.ts'],
          globalSetup: ['test/support/global-setup.ts', 'test/support/global-setup-servers.ts'],
          setupFiles: ['test/support/skip-without-servers.ts'],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
