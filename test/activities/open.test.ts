import { afterEach, expect, test } from 'vitest'
import { limits } from '../../src/protocol/limits.ts'
import { scriptedModel } from '../../src/testing.ts'
import { setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

const ids = Array.from({ length: 2_000 }, (_, index) => `${'語'.repeat(limits.eventIdCharacters - 4)}${1_000 + index}`)
const opened = async () => {
  const found = await here.run('open', { agentId: 'ada', queueTokens: 1_000 })
  return { bytes: Buffer.byteLength(JSON.stringify(found)), ids: found?.mailbox?.map(({ event }) => event.id) ?? [] }
}

test('of thousands of events with the longest ids the stores tell as many as a mailbox holds, the first ones, and the others when some of these are done [recover:from-stores updates:bounded]', async () => {
  here = await setting({ model: scriptedModel([]) })
  const { events } = here.stores.memory
  for (const eventId of ids) await events.deposit({ agentId: 'ada', eventId, kind: 'system-message', text: 'Hi', sentAt: '2026-01-01T00:00:00.000Z' }, 'queue')
  const first = await opened()
  expect(first.bytes).toBeLessThan(limits.mailboxBytes + 64 * 1024)
  expect(first.ids.length).toBeGreaterThan(1_900)
  expect(first.ids.length).toBeLessThan(ids.length)
  expect(first.ids).toEqual(ids.slice(0, first.ids.length))
  for (const eventId of first.ids.slice(0, 100)) await events.withdraw('ada', eventId)
  expect((await opened()).ids).toEqual(ids.slice(100))
})
