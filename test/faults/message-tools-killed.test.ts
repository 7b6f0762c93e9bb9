import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineClientTool } from '../../src/client/client-tool.ts'
import { call, say, type ScriptedStep } from '../../src/testing.ts'
import { audit } from './support/audit.ts'
import { inferencesOf } from './support/model-of-moves.ts'
import { successors } from './support/recovery.ts'
import { startDoomed } from './support/successor.ts'
import { inWorld } from './support/world.ts'

/** Most of it may be the wait for a slot, where all of these run at once. */
const timeout = 600_000

const weather = defineClientTool({
  name: 'local_weather',
  description: 'The weather where the user is.',
  schema: z.object({ place: z.string() }),
  run: ({ place }) => Promise.resolve(`sun in ${place}`),
})
const asking = call('local_weather', { place: 'Rome' }, { heartbeat: true })
const moves = (text: string): readonly ScriptedStep[] => (text === 'Umbrella?' ? [asking, say('No.')] : text === 'And now?' ? [asking, say('I can not tell.')] : [])

describe.concurrent.each(successors)('a worker that is killed over a message, another %s', { timeout }, (successor) => {
  test('that has brought tools, before one is called: they hold in its turn, whoever runs it, and in no other [tools:of-message]', async () => {
    await inWorld({ row: 'worker-message-tools', successor, point: 'inference-running', moves }, async (world) => {
      const { client, agentId, model } = world
      const doomed = await startDoomed(world, successor)
      const accepted = await client.post(agentId, 'Umbrella?', { eventId: 'one', clientTools: [weather.definition] })
      expect(accepted).toMatchObject({ eventId: 'one' })
      expect(await doomed.died).toBe('SIGKILL')
      await doomed.goOn()
      const leaving = new AbortController()
      const serving = client.serveTools(agentId, [weather], { signal: leaving.signal })
      expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['No.'] })
      expect(await client.send(agentId, 'And now?', { eventId: 'two' })).toMatchObject({ end: 'completed', replyTexts: ['I can not tell.'] })
      leaving.abort()
      await serving
      // The inference over which the worker died was asked for again.
      const offered = inferencesOf(model).map(({ tools }) => tools.some(({ name }) => name === 'local_weather'))
      expect(offered.slice(-4)).toEqual([true, true, false, false])
      expect(offered.slice(0, -4)).not.toContain(false)
      const { messages } = await audit(world, { one: 'Umbrella?', two: 'And now?' })
      expect(messages.filter(({ toolName }) => toolName === 'local_weather').map(({ text }) => text)).toEqual(['sun in Rome', expect.stringContaining('no tool "local_weather"') as string])
    })
  })
})
