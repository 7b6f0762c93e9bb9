import { defineConfig } from 'vitest/config'
import { CheapFirst } from './test/support/cheap-first.ts'
import { PlainCount } from './test/support/plain-count.ts'

/** Tests of what an agent does: they run on both sets of stores. */
const ofAgents = ['test/workflows/*.test.ts']
/** What these show is the same on whichever stores. */
const notAboutStores = ['long-conversation', 'key-rotation', 'encryption', 'schema', 'held-memory-file', 'text-tools', 'examples', 'command-line-as-client', 'command-line-lists'].map((name) => `test/workflows/${name}.test.ts`)
/** Tests that run the command line as a process, from the built package. */
const ofCommands = ['chat', 'demo', 'killed-chat', 'load', 'typed-is-kept', 'terminal-chat'].map((name) => `test/cli/${name}.test.ts`).concat('test/operations/doctor.test.ts', 'test/package.test.ts')
/** Tests that run agents: they share one Temporal server and one bundle of the workflows. */
const ofWorkflows = ['test/workflows/**/*.test.ts', 'test/replay/**/*.test.ts']
/** The same, with processes that are killed, stopped and cut off: most of their time is waiting. */
const ofFaults = ['test/faults/**/*.test.ts']
/** What takes the whole machine for itself runs last, and alone. */
const ofOverload = ['test/faults/overload.test.ts']
const onTemporal = [...ofWorkflows, ...ofFaults]

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // For two cores: while one file waits for a server the other one works.
    maxWorkers: 2,
    setupFiles: ['test/support/fuzz-seed.ts'],
    sequence: { sequencer: CheapFirst },
    reporters: process.env['CI'] ? ['default', new PlainCount()] : ['default'],
    projects: [
      { extends: true, test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: [...onTemporal, ...ofCommands] } },
      { extends: true, test: { name: 'commands', include: ofCommands, globalSetup: ['test/support/global-setup-built.ts'] } },
      { extends: true, test: { name: 'agents', include: ofWorkflows, globalSetup: ['test/support/global-setup.ts'] } },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ofFaults,
          exclude: ofOverload,
          globalSetup: ['test/support/global-setup.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'faults by overload', include: ofOverload, globalSetup: ['test/support/global-setup.ts'], fileParallelism: false, sequence: { groupOrder: 2 } } },
      {
        extends: true,
        test: {
          name: 'agents on MongoDB and Qdrant',
          include: ofAgents,
          exclude: notAboutStores,
          globalSetup: ['test/support/global-setup.ts', 'test/support/global-setup-servers.ts'],
          setupFiles: ['test/support/fuzz-seed.ts', 'test/support/skip-without-servers.ts'],
        },
      },
    ],
  },
})
