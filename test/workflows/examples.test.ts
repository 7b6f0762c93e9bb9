import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { serveModel } from '../../src/simulated/server/serve.ts'
import { openStores, type StoresConfig } from '../../src/stores/open.ts'
import { call, say, scriptedModel, simulatedEmbedder, simulatedModel } from '../../src/testing.ts'
import { startAgents } from '../support/agents.ts'
import { isBuilt } from '../support/built-command.ts'
import { overHttp } from '../support/over-http.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))
const run = promisify(execFile)

let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeEach(async () => {
  folder = await temporaryFolder()
})

afterEach(async () => {
  await folder.remove()
})

/** The set of stores that this project is about: for this process, and as variables for another. */
function chosenStores(): { readonly config: StoresConfig; readonly variables: Readonly<Record<string, string>> } {
  const servers = inject('storeServers')
  if (servers === undefined || 'unavailable' in servers) return { config: { kind: 'embedded', file: join(folder.path, 'memory.db') }, variables: {} }
  return { config: { kind: 'servers', ...servers }, variables: { MONGODB_URI: servers.mongodbUri, QDRANT_URL: servers.qdrantUrl } }
}

/** The package as it is built, where that is of the present sources: from the sources each worker would bundle its workflows. */
const packageOfUsers = isBuilt() ? { TSX_TSCONFIG_PATH: fileURLToPath(new URL('../support/tsconfig.built.json', import.meta.url)) } : {}

/** Runs an example as a user does, in a process of its own, and gives what it printed. */
async function runExample(name: string, variables: Readonly<Record<string, string>>, ...given: readonly string[]): Promise<string> {
  const inherited = Object.entries(process.env).filter(([key]) => !/^(PERDURE|TEMPORAL|OPENAI|MONGODB|QDRANT)_/.test(key))
  const env = {
    ...Object.fromEntries(inherited),
    ...packageOfUsers,
    PERDURE_HOME: folder.path,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: inject('temporalNamespace'),
    ...chosenStores().variables,
    ...variables,
  }
  const { stdout } = await run(process.execPath, ['--import', 'tsx', join(examples, name), ...given], { env })
  return stdout
}

describe('examples', () => {
  test('chat-from-code talks to an agent and reads what it has learned [client:sdk]', async () => {
    const agents = await startAgents({ model: simulatedModel(), stores: await openStores(chosenStores().config) })
    try {
      const printed = await runExample('chat-from-code.ts', { PERDURE_TASK_QUEUE: agents.taskQueue })
      expect(printed).toContain('completed')
      expect(printed).toContain('Nice to meet you, Ada!')
      expect(printed).toMatch(/human \d+ Name: Ada/)
      await agents.client.delete('librarian')
    } finally {
      await agents.close()
    }
  })

  test('watch follows an agent through a turn [live:watch client:sdk]', async () => {
    const agents = await startAgents({ model: simulatedModel(), stores: await openStores(chosenStores().config) })
    try {
      const printed = await runExample('watch.ts', { PERDURE_TASK_QUEUE: agents.taskQueue })
      expect(printed).toMatch(/^turn 1, by a user-message\n[^]*stored as \d+: [^]*Nice to meet you, Ada![^]*\ntold up to \d+\.end\.1\n$/)
      await agents.client.delete('narrator')
    } finally {
      await agents.close()
    }
  })

  test('custom-tool runs a worker whose agent uses a tool of its own [tools:custom]', async () => {
    const model = scriptedModel([
      call('roll_dice', { dice: 2 }, { heartbeat: true }),
      ({ messages }) => say(`You have rolled ${/\d and \d/.exec(messages.at(-1)?.content ?? '')?.[0] ?? 'nothing'}.`),
    ])
    const served = await serveModel({ model, embedder: simulatedEmbedder() })
    try {
      const variables = { OPENAI_BASE_URL: served.url, PERDURE_TASK_QUEUE: `dice-${folder.path.split('/').at(-1) ?? ''}` }
      expect(await runExample('custom-tool.ts', variables)).toMatch(/completed .*You have rolled [1-6] and [1-6]\./)
      model.assertDone()
    } finally {
      await served.close()
    }
  })

  test('approval shows what waits, and lets it run with other arguments [turn:approval client:sdk]', async () => {
    const agents = await startAgents({ model: simulatedModel(), stores: await openStores(chosenStores().config) })
    try {
      const printed = await runExample('approval.ts', { PERDURE_TASK_QUEUE: agents.taskQueue })
      expect(printed).toContain("parked approval [ 'core_memory_append waits for approval' ]")
      expect(printed).toContain('Name: Ada')
      expect(printed).toContain('completed')
      const [human] = (await agents.client.blocks('secretary')).filter(({ label }) => label === 'human')
      expect(human?.value).toBe('Name: Ada')
      await agents.client.delete('secretary')
    } finally {
      await agents.close()
    }
  })

  test('client-tools runs a tool of an agent in the program that asks it [tools:client-side client:sdk]', async () => {
    const model = scriptedModel([call('read_thermometer', { room: 'kitchen' }, { heartbeat: true }), ({ messages }) => say(/It is \d+ degrees/.exec(messages.at(-1)?.content ?? '')?.[0] ?? 'No idea.')])
    const agents = await startAgents({ model, stores: await openStores(chosenStores().config) })
    try {
      expect(await runExample('client-tools.ts', { PERDURE_TASK_QUEUE: agents.taskQueue })).toContain("completed [ 'It is 21 degrees' ]")
      await agents.client.delete('janitor')
    } finally {
      await agents.close()
    }
  })

  test('over-http talks to an agent through a server, and is told of a turn as it happens [http:client]', async () => {
    const agents = await startAgents({ model: simulatedModel(), stores: await openStores(chosenStores().config) })
    const served = await overHttp(agents.client)
    try {
      expect(await runExample('over-http.ts', {}, served.url)).toMatch(/Nice to meet you, Ada![^]*\nYour name is Ada\.\ncompleted\n$/)
      await agents.client.delete('pilot')
    } finally {
      await served.close()
      await agents.close()
    }
  })

  test('scripted-model tests an agent without a language model', async () => {
    expect(await runExample('scripted-model.ts', {})).toContain('passed')
  })

  test('memory-by-hand changes what an agent knows and is, and finds it again [archival:person definition:living]', async () => {
    const agents = await startAgents({ model: simulatedModel(), stores: await openStores(chosenStores().config) })
    try {
      const printed = await runExample('memory-by-hand.ts', { PERDURE_TASK_QUEUE: agents.taskQueue })
      expect(printed).toMatch(/^\d\.\d\d Since May the boat lies at pier 9\.$/m)
      expect(printed).not.toContain('pier 4')
      expect(printed).toMatch(/^description .* → knows each boat$/m)
      expect((await agents.client.blocks('harbourmaster')).find(({ label }) => label === 'human')?.value).toBe('Name: Ada')
      await agents.client.delete('harbourmaster')
    } finally {
      await agents.close()
    }
  })

  test('timers wakes an agent without a word of the user [event:timers client:sdk]', async () => {
    const agents = await startAgents({ model: simulatedModel(), stores: await openStores(chosenStores().config) })
    try {
      const printed = await runExample('timers.ts', { PERDURE_TASK_QUEUE: agents.taskQueue })
      expect(printed).toMatch(/completed/)
      expect(printed).toMatch(/It is time: Water the tomatoes\./)
      expect(printed).toMatch(/look \d{4}-.* Look after the seedlings\./)
      await agents.client.delete('gardener')
    } finally {
      await agents.close()
    }
  })
})
