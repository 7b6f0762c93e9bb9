import { afterEach, describe, expect, test } from 'vitest'
import type { Chat } from '../../src/cli/chat/chat.ts'
import { earlierEvents, takeUp } from '../../src/cli/chat/earlier-events.ts'
import { followAgent } from '../../src/cli/chat/follow-agent.ts'
import { mail } from '../../src/cli/chat/mail.ts'
import { openAwaited, openOutbox } from '../../src/cli/chat/outbox.ts'
import { withoutTerminal } from '../../src/cli/chat/piped-console.ts'
import { noColours } from '../../src/cli/output/palette.ts'
import { say, scriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let agents: Agents
let home: Awaited<ReturnType<typeof temporaryFolder>>
afterEach(async () => {
  await agents.close()
  await home.remove()
})

/** A chat with the agent, and what its screen shows. */
async function openChat(interactive: boolean): Promise<{ readonly chat: Chat; readonly shown: readonly string[] }> {
  home = await temporaryFolder()
  const shown: string[] = []
  const put = (text: string): void => void shown.push(text)
  const { client, stores, agentId } = agents
  const console = {
    ...withoutTerminal, interactive, live: interactive, wraps: false, palette: noColours, columns: 80, print: put, remark: put,
    growing: () => undefined, note: () => undefined, next: () => Promise.resolve(undefined), close: () => undefined,
  }
  const outbox = openOutbox(home.path, agentId)
  const awaited = openAwaited(home.path, agentId)
  // Of the connection a chat that stands uses no more than this.
  const chat = { agentId, key: agentId, connection: { client, stores }, console, outbox, awaited, mail: mail(), shown: { question: undefined, running: false, parked: false }, thoughts: false, failed: false, leaving: undefined } as unknown as Chat
  return { chat, shown }
}

describe('a chat that opens', () => {
  const odd = { name: 'odd', description: 'Does something odd.', parameters: { type: 'object', properties: {} } }

  test.each([true, false])('takes up what waits, also where a program has sent a message with tools; to a person: %s [cli:chat mailbox:durable]', async (interactive) => {
    const opened = gate()
    agents = await startAgents({ model: scriptedModel([], { afterwards: async () => { await opened.opened; return say('Hello.') } }) })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.post(agentId, 'First', { eventId: 'first' })
    await client.post(agentId, 'From a program', { eventId: 'program', clientTools: [odd] })
    const { chat, shown } = await openChat(interactive)
    // What this person has entered, and the chat before was killed with.
    chat.outbox.put({ eventId: 'mine', kind: 'user-message', text: 'Mine', at: new Date().toISOString() })
    // The agent refuses it.
    chat.outbox.put({ eventId: 'long', kind: 'user-message', text: 'x'.repeat(70_000), at: '2026-01-01T00:00:00.000Z' })
    const over = new AbortController()
    void followAgent(chat, 0, over.signal)
    const events = await earlierEvents(chat, await client.state(agentId))
    const taking = takeUp(chat, events)
    opened.open()
    await taking
    expect(await client.outcome(agentId, 'mine', { until: 'end', signal: AbortSignal.timeout(20_000) })).toMatchObject({ end: 'completed' })
    expect((await client.outcome(agentId, 'program', { until: 'end' })).end).toBe('completed')
    expect(chat.outbox.waiting()).toEqual([])
    expect(chat.awaited.waiting().map(({ eventId }) => eventId).sort()).toEqual(interactive ? ['first', 'mine', 'program'] : [])
    expect(shown.filter((line) => line.includes('too-large') || line.includes('invalid-argument'))).toHaveLength(1)
    over.abort()
  })
})

describe('a chat that is open', () => {
  test('goes on from how its agent stands, and says so once, where the agent has not come to where the chat was [cli:chat live:watch]', async () => {
    agents = await startAgents({ model: scriptedModel([], { afterwards: () => say('Hello.') }) })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.send(agentId, 'Before')
    const { chat, shown } = await openChat(true)
    const over = new AbortController()
    const following = followAgent(chat, '90.end.30', over.signal)
    await expect.poll(() => shown).toContainEqual(expect.stringContaining('was put back'))
    // It watches from the present on, whichever moment that is.
    await expect.poll(async () => { await client.send(agentId, 'After'); return shown.join('\n') }).toContain('Hello.')
    expect(shown.filter((line) => line.includes('was put back'))).toHaveLength(1)
    over.abort()
    await following
  })
})
