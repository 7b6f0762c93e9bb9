import { describe, expect, test, vi } from 'vitest'
import type { ImportedMessage } from '../../src/index.ts'
import { exchangesWorkflowIdOf } from '../../src/protocol/exchanges.ts'
import { handlerNames } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { simulatedEmbedder } from '../../src/testing.ts'
import { inWorld } from './support/world.ts'

const patience = { timeout: 120_000, interval: 50 }

/** Two hundred exchanges, an hour apart. */
const conversation = Array.from({ length: 200 }, (_, hour): ImportedMessage[] => {
  const at = (minute: number): string => new Date(Date.UTC(2024, 0, 1, hour, minute)).toISOString()
  return [
    { role: 'user', text: `In hour ${hour} I saw bird${hour}. ${'It was a fine day for birds. '.repeat(8)}`, at: at(0) },
    { role: 'assistant', text: `A bird${hour}, how nice!`, at: at(1) },
  ]
}).flat()

describe('a conversation that is imported', { timeout: 300_000 }, () => {
  test('is embedded to its end by the next worker where one dies in the middle of that, though nobody speaks to the agent [recall:meaning faults:table]', async () => {
    const simulated = simulatedEmbedder()
    const embedded: string[] = []
    const embedder = { ...simulated, embed: async (...given: Parameters<typeof simulated.embed>) => (embedded.push(...given[0]), simulated.embed(...given)) }
    await inWorld({ point: 'exchanges-embedded', embedder }, async (world) => {
      const { client, stores, temporal } = world
      const latest = async (id: string): Promise<number> => (await stores.archival.exchanges.latest(id, embedder))?.last ?? 0
      const id = 'imported'
      const doomed = await world.startWorker()
      const importing = client.importConversation({ id, model: 'scripted', contextWindow: 8_000 }, conversation)
      expect(await doomed.died).toBe('SIGKILL')
      await importing
      const before = await latest(id)
      expect(before).toBeGreaterThan(0)

      await world.startWorker()
      const work = temporal.workflow.getHandle(exchangesWorkflowIdOf(id))
      await vi.waitFor(async () => expect((await work.describe()).status.name).toBe('COMPLETED'), patience)
      const queue = await temporal.workflow.getHandle(workflowIdOf(id)).query<readonly (readonly number[])[]>(handlerNames.queue)
      const last = await latest(id)
      expect(last).toBeGreaterThan(before)
      // All that is before the queue but for an exchange that goes on in it, and each once.
      expect((queue[0]?.[0] ?? 0) - last).toBeLessThanOrEqual(4)
      expect(new Set(embedded).size).toBe(embedded.length)
    })
  })
})
