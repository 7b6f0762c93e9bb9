import { cp } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { call, ModelError, say, scriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { onOwnTemporal } from './support/own-temporal.ts'

const patience = { timeout: 120_000, interval: 250 }

/** What its agents waited for on that day has happened since, and nothing that Temporal tells a workflow says so. */
test('a Temporal database that is that of an earlier day, on which agents waited for a person, loses nothing: what has happened since is not waited for again [recover:from-stores turn:approval turn:park-resume]', { timeout: 300_000 }, async () => {
  let paid = 0
  const pay = defineTool({ name: 'pay', description: 'pays', schema: z.object({}), policy: { placement: 'activity', idempotent: false, approval: true }, run: () => Promise.resolve(`paid ${(paid += 1)}`) })
  let isKeyGood = false
  const model = scriptedModel([], {
    afterwards: ({ messages }) => {
      const last = messages.at(-1)
      if (JSON.stringify(last).includes('Pay')) return call('pay', {}, { heartbeat: true })
      if (!isKeyGood && JSON.stringify(last).includes('Hello')) throw new ModelError('refused', 'the key was refused')
      return say('Done.')
    },
  })
  const { temporal, databaseFile = '', client, stores, close } = await onOwnTemporal({ model, tools: [pay], onFile: true })
  const copies = ['', '-wal', '-shm']
  try {
    const agents = ['approval', 'key']
    for (const id of agents) await client.create({ id, model: 'scripted', tools: ['send_message', 'pay'] })
    expect(await client.send('approval', 'Pay it.', { eventId: 'one' })).toMatchObject({ end: 'parked', reason: 'approval' })
    expect(await client.send('key', 'Hello.', { eventId: 'one' })).toMatchObject({ end: 'parked', reason: 'model-refused' })

    await temporal.kill()
    for (const suffix of copies) await cp(`${databaseFile}${suffix}`, `${databaseFile}.earlier${suffix}`).catch(() => undefined)
    await temporal.restart()
    isKeyGood = true
    const [waiting] = await client.waiting('approval')
    await client.approve('approval', waiting?.op ?? '')
    await client.resume('key')
    for (const id of agents) expect(await client.outcome(id, 'one', { until: 'end' })).toMatchObject({ turn: 1, end: 'completed' })

    await temporal.kill()
    for (const suffix of copies) await cp(`${databaseFile}.earlier${suffix}`, `${databaseFile}${suffix}`).catch(() => undefined)
    await temporal.restart()
    for (const id of agents) await client.post(id, 'And now?', { eventId: 'two' })
    for (const id of agents) {
      await expect.poll(async () => (await stores.memory.turns.byEvent(id, 'two'))?.end, patience).toBe('completed')
      expect(await client.outcome(id, 'two', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Done.'] })
      expect((await client.messages(id)).flatMap(({ eventId }) => eventId ?? [])).toEqual(['one', 'two'])
    }
    expect(paid).toBe(1)
  } finally {
    await close()
  }
})

/** As it is to be done: a worker that runs on may have an agent of the later day in its cache. */
test('a Temporal database that is that of an earlier day, on which turns waited for a person that wait at a later step since, and whose workers were stopped meanwhile, has them wait there [recover:from-stores turn:approval turn:park-resume]', { timeout: 300_000 }, async () => {
  let paid = 0
  const pay = defineTool({ name: 'pay', description: 'pays', schema: z.object({}), policy: { placement: 'activity', idempotent: false, approval: true }, run: () => Promise.resolve(`paid ${(paid += 1)}`) })
  let isKeyGood = false
  const model = scriptedModel([], {
    afterwards: ({ messages }) => {
      if (!isKeyGood && JSON.stringify(messages.at(-1)).includes('With a key.')) throw new ModelError('refused', 'the key was refused')
      // Of the text, the call and its result.
      const isLately = (text: string, of: number): boolean => JSON.stringify(messages.slice(-of)).includes(text)
      if (isLately('Pay both.', 1)) return [call('pay', {}), call('pay', {}, { heartbeat: true })]
      return isLately('With a key.', 1) || isLately('Pay twice.', 3) ? call('pay', {}, { heartbeat: true }) : say('Done.')
    },
  })
  const { temporal, databaseFile = '', client, withoutWorker, close } = await onOwnTemporal({ model, tools: [pay], onFile: true })
  const copies = ['', '-wal', '-shm']
  const later = { 'two-approvals': 'two-approvals/1/2/0', 'key-and-approval': 'key-and-approval/1/1/0', 'one-of-two': 'one-of-two/1/1/1' } as const
  const waiting = async () => Object.fromEntries(await Promise.all(Object.keys(later).map(async (id) => [id, (await client.waiting(id))[0]?.op] as const)))
  try {
    for (const id of Object.keys(later)) await client.create({ id, model: 'scripted', tools: ['send_message', 'pay'] })
    expect(await client.send('two-approvals', 'Pay twice.', { eventId: 'one' })).toMatchObject({ end: 'parked', reason: 'approval' })
    expect(await client.send('one-of-two', 'Pay both.', { eventId: 'one' })).toMatchObject({ end: 'parked', reason: 'approval' })
    expect(await client.send('key-and-approval', 'With a key.', { eventId: 'one' })).toMatchObject({ end: 'parked', reason: 'model-refused' })
    await withoutWorker(async () => {
      await temporal.kill()
      for (const suffix of copies) await cp(`${databaseFile}${suffix}`, `${databaseFile}.earlier${suffix}`).catch(() => undefined)
      await temporal.restart()
    })
    isKeyGood = true
    await client.approve('two-approvals', 'two-approvals/1/1/0')
    await client.approve('one-of-two', 'one-of-two/1/1/0')
    await client.resume('key-and-approval')
    await expect.poll(waiting, patience).toEqual(later)

    await withoutWorker(async () => {
      await temporal.kill()
      for (const suffix of copies) await cp(`${databaseFile}.earlier${suffix}`, `${databaseFile}${suffix}`).catch(() => undefined)
      await temporal.restart()
    })
    // By the workers themselves.
    await expect.poll(waiting, patience).toEqual(later)
    for (const [id, op] of Object.entries(later)) {
      await client.approve(id, op)
      expect(await client.outcome(id, 'one', { until: 'end' })).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['Done.'] })
    }
    expect(paid).toBe(5)
  } finally {
    await close()
  }
})
