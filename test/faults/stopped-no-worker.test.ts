import { expect, test } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { audit } from './support/audit.ts'
import { inWorld } from './support/world.ts'

test('a message that no worker takes fails with a word for it, is kept, and has one turn when it is sent again [event:user-update mailbox:dedupe]', { timeout: 120_000 }, async () => {
  await inWorld({ row: 'client-no-worker' }, async (world) => {
    const { agentId, temporal, stores } = world
    const client = createClient({ temporal, stores, taskQueue: 'of-nobody', patienceMs: 2_000 })
    const refused: unknown = await client.send(agentId, 'Anybody?', { eventId: 'one' }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ name: 'PerdureError', code: 'no-worker', message: expect.stringContaining('no worker has asked for work on task queue "faults-') as string })
    expect((await stores.memory.events.get(agentId, 'one'))?.text).toBe('Anybody?')
    await expect(client.state(agentId)).rejects.toMatchObject({ code: 'no-worker' })
    await world.startWorker()
    expect(await world.client.send(agentId, 'Anybody?', { eventId: 'one' })).toMatchObject({ end: 'completed', replyTexts: ['done: Anybody?'] })
    await audit(world, { one: 'Anybody?' })
  })
})
