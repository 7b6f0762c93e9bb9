import { afterAll, describe, expect, test } from 'vitest'
import type { Chat, Shown } from '../../src/cli/chat/chat.ts'
import { withoutTerminal } from '../../src/cli/chat/piped-console.ts'
import { tellHeldUp } from '../../src/cli/chat/tell-held-up.ts'
import { noColours } from '../../src/cli/output/palette.ts'
import type { AgentView } from '../../src/protocol/handlers.ts'

const over = new AbortController()
afterAll(() => over.abort())

type Looked = Pick<AgentView, 'status' | 'running' | 'paused'>
const running = (detail?: string): Looked => ({ status: 'running', running: { turn: 3, step: 1, cause: 'event', doing: 'thinking', eventId: 'a', ...(detail !== undefined && { retrying: { activity: 'infer', attempt: 2, detail } }) } })

/** A chat whose screen shows this, of an agent that answers so to a look; and what stands beside its prompt, or was remarked. */
function chatThat(shows: Partial<Shown>, agent: { view: Looked }, live = true) {
  const shown: Shown = { question: undefined, running: undefined, doing: 'thinking', parked: false, ...shows }
  const said: string[] = []
  let looks = 0
  const console = { ...withoutTerminal, interactive: true, live, columns: 80, palette: noColours, busy: (what = '') => void said.push(what), remark: (text: string) => void said.push(text) }
  const client = { state: () => Promise.resolve(agent.view).finally(() => (looks += 1)) }
  const told = tellHeldUp({ agentId: 'sam', connection: { client }, console, shown } as unknown as Chat, over.signal)
  return { shown, said, told, looks: () => looks }
}

describe('what holds an agent up', () => {
  test('is said in the chat while a turn runs, also of one that went on after a park, by itself or as this chat let it; of an agent that stands still nobody asks [cli:chat query:state]', async () => {
    const fails = { view: running('nobody answers') }
    const runs = chatThat({ running: { turn: 3 } }, fails)
    const plain = chatThat({ running: { turn: 3 } }, fails, false)
    const wentOn = chatThat({ parked: true, retryAt: Date.now() }, fails)
    const letGoOn = chatThat({ parked: true, retryAt: Date.now() + 900_000, letGoOnAt: Date.now() }, fails)
    const parkedAgain = chatThat({ parked: true, retryAt: Date.now() }, { view: { status: 'parked' } })
    const paused = chatThat({ parked: true, retryAt: Date.now() }, { view: { status: 'parked', paused: [{ activity: 'awaitStores', activityId: '7', since: '2026-01-01T00:00:00.000Z', reason: 'a move' }] } })
    const still = [chatThat({ parked: true, retryAt: Date.now() + 900_000 }, fails), chatThat({ parked: true }, fails), chatThat({}, fails)]
    await expect.poll(() => [runs, plain, wentOn, letGoOn].every(({ said }) => said.at(-1) === 'trying again: nobody answers')).toBe(true)
    await expect.poll(() => [paused.said.at(-1), parkedAgain.looks() > 0]).toEqual(['paused in Temporal by an operator: a move', true])
    for (const { shown } of [wentOn, letGoOn]) expect(shown).toMatchObject({ running: { turn: 3, eventId: 'a' }, parked: false })
    expect(parkedAgain.said).toEqual([])
    expect(still.map(({ looks }) => looks())).toEqual([0, 0, 0])
    // The next look finds it at work.
    fails.view = running()
    await expect.poll(() => [runs, wentOn].map(({ said }) => said.at(-1))).toEqual(['thinking', 'trying again'])
    expect(plain.said).toEqual(['trying again: nobody answers'])
  })

  test('stands there no more once something of the agent was told [cli:chat]', async () => {
    const { said, told } = chatThat({ running: { turn: 3 } }, { view: running('nobody answers') })
    await expect.poll(() => said).toEqual(['trying again: nobody answers'])
    told.goesOn()
    expect(said.at(-1)).toBe('thinking')
  })
})
