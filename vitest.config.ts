import { defineConfig } from 'vitest/config'
import { CheapFirst } from './test/support/cheap-first.ts'
import { PlainCount } from './test/support/plain-count.ts'
import { quickFolder } from './test/support/quick-folder.ts'

/**
 * Tests of what an agent does. Each runs on both sets of stores; those of what a client promises run over HTTP on the servers' set, with the
 * client of other programs, since a third run would show little more.
 */
const ofAgents = ['test/workflows/*.test.ts']
/** What these show is the same on whichever stores: it is of files of their own, of Temporal, of the workflow, of the command line, or of HTTP. */
const notAboutStores = [
  'long-conversation', 'key-rotation', 'encryption', 'schema', 'held-memory-file', 'text-tools', 'examples', 'command-line-as-client', 'command-line-lists', 'paused', 'chat', 'deadlines', 'http', 'http-client',
  'http-stream', 'look', 'openai', 'shown-status', 'stopping', 'temporal-connection',
].map((name) => `test/workflows/${name}.test.ts`)
/** What a client promises. */
const ofClients = [
  'agent', 'approval', 'archival', 'aside', 'client-tools', 'cost', 'definition', 'documents', 'import-conversation', 'list-agents', 'mailbox', 'message-tools', 'names', 'prompt', 'renamed-blocks', 'repeated-commands', 'shared-blocks',
  'timers', 'updates', 'watch',
].map((name) => `test/workflows/${name}.test.ts`)
const ofFaultyClients = ['test/workflows/faults/full-run.test.ts']
const faultsNotAboutStores = ['test/workflows/faults/search-attributes-removed.test.ts']
/** Tests of parts that leave their process as they found it: they share one, and what it has loaded. Those of the other folders start threads, servers and processes. */
const ofPlainParts = ['activities', 'cli', 'client', 'clients', 'codec', 'definition', 'fuzz', 'loop', 'model', 'prompt', 'protocol', 'recall', 'server', 'telemetry', 'tools', 'words', 'documents', 'eval', 'stores', 'operations', 'threads'].map((folder) => `test/${folder}/**/*.test.ts`)
/** Tests that run the command line as a process, from the built package. */
const ofCommands = ['chat', 'demo', 'load', 'terminal-chat', 'keys', 'serve', 'quick-start'].map((name) => `test/cli/${name}.test.ts`).concat('test/operations/doctor.test.ts', 'test/package.test.ts')
/** Tests that need the process's one runtime of Temporal for themselves, or workers as users have them. */
const ofRuntimes = ['test/workflows/telemetry/*.test.ts', 'test/replay/**/*.test.ts']
/** Agents whose workflow is lost or reset, whose stores fail, whose run is full, or whose tenant is attacked: also on both sets of stores, and they take long. */
const ofFaultyAgents = ['test/workflows/faults/*.test.ts']
/** Processes that are killed, stopped and cut off. */
const ofFaults = ['test/faults/**/*.test.ts']
/** What else is killed: a chat, with what was typed into it, and the making anew of vectors. */
const ofKilledParts = ['test/cli/killed-chat.test.ts', 'test/cli/typed-is-kept.test.ts', 'test/stores/reindex-killed.test.ts']
/** What a person sees and does, in a browser. */
const ofPages = ['test/page/*.test.ts']
/** The same while workers are killed. */
const ofFaultyPages = ['test/page/faults/*.test.ts']
/** What takes the whole machine for itself runs last, and alone. */
const ofOverload = ['test/faults/overload.test.ts']
const onTemporal = [...ofAgents, ...ofRuntimes, ...ofFaultyAgents, ...ofFaults]
/** Many files in one process, which loads what they have in common once: Temporal's SDK for one. */
const inOneProcess = { isolate: false }
/**
 * And their workflows in that process too: each test starts a worker, and a thread for its workflows costs more than most of these tests.
 * Workers of the command line, of faults and of replays have theirs.
 * What they keep in files they keep in memory.
 */
const lightly = { ...inOneProcess, env: { TEMPORAL_DEBUG: 'true', ...quickFolder() } }
const onServers = {
  globalSetup: ['test/support/global-setup.ts', 'test/support/global-setup-servers.ts'],
  setupFiles: ['test/support/fuzz-seed.ts', 'test/support/skip-without-servers.ts'],
}

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // What comes about on an idle machine within a second does so on a loaded one too, only later.
    expect: { poll: { timeout: 20_000 } },
    // For two cores: most files wait for servers most of the time, so a third one has room to work.
    maxWorkers: 4,
    // Each project transforms for itself, and many need the same sources. What was transformed is kept by its content, for the next project and the next run.
    experimental: { fsModuleCache: true },
    setupFiles: ['test/support/fuzz-seed.ts'],
    provide: { askedOverHttp: false },
    // A promise that pdf.js leaves behind when a file is damaged: where documents are read by a worker, its thread ends with it. Tests of readers have none.
    onUnhandledError: ({ stack }) => (stack?.includes('pdfjs-dist') === true ? false : undefined),
    sequence: { sequencer: CheapFirst },
    reporters: process.env['CI'] ? ['default', new PlainCount()] : ['default'],
    projects: [
      { extends: true, test: { name: 'parts', include: ofPlainParts, exclude: [...ofCommands, ...ofKilledParts], ...inOneProcess } },
      { extends: true, test: { name: 'parts apart', include: ['test/**/*.test.ts'], exclude: [...ofPlainParts, ...onTemporal, ...ofCommands, ...ofKilledParts, ...ofPages, ...ofFaultyPages] } },
      { extends: true, test: { name: 'commands', include: ofCommands, globalSetup: ['test/support/global-setup-built.ts'] } },
      { extends: true, test: { name: 'agents', include: ofAgents, globalSetup: ['test/support/global-setup.ts'], ...lightly } },
      { extends: true, test: { name: 'runtimes', include: ofRuntimes, globalSetup: ['test/support/global-setup.ts'] } },
      { extends: true, test: { name: 'agents over HTTP on MongoDB and Qdrant', include: ofClients, ...onServers, provide: { askedOverHttp: true }, ...lightly } },
      {
        extends: true,
        test: {
          name: 'page',
          include: ofPages,
          globalSetup: ['test/support/global-setup.ts', 'test/support/global-setup-page.ts'],
          setupFiles: ['test/support/fuzz-seed.ts', 'test/support/skip-without-browser.ts'],
          ...lightly,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults of the page',
          include: ofFaultyPages,
          globalSetup: ['test/support/global-setup.ts', 'test/support/global-setup-page.ts'],
          setupFiles: ['test/support/fuzz-seed.ts', 'test/support/skip-without-browser.ts'],
          sequence: { groupOrder: 1 },
        },
      },
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
      { extends: true, test: { name: 'faults of parts', include: ofKilledParts, globalSetup: ['test/support/global-setup-built.ts'], sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'faults by overload', include: ofOverload, globalSetup: ['test/support/global-setup.ts'], fileParallelism: false, sequence: { groupOrder: 2 } } },
      {
        extends: true,
        test: { name: 'agents on MongoDB and Qdrant', include: ofAgents, exclude: [...notAboutStores, ...ofClients], ...onServers, ...lightly },
      },
      {
        extends: true,
        test: { name: 'faults of agents', include: ofFaultyAgents, globalSetup: ['test/support/global-setup.ts'], ...inOneProcess, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: 'faults of agents over HTTP on MongoDB and Qdrant', include: ofFaultyClients, ...onServers, provide: { askedOverHttp: true }, ...inOneProcess, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: 'faults of agents on MongoDB and Qdrant', include: ofFaultyAgents, exclude: [...faultsNotAboutStores, ...ofFaultyClients], ...onServers, ...inOneProcess, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
