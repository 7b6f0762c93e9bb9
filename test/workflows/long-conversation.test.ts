import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { AgentView } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { commonPrefix } from '../../bench/prefix.ts'
import { runsOf } from '../replay/runs-of.ts'
import { allOfRecall, unpaired } from './long-conversation/calls-and-results.ts'
import { converse, type Conversation } from './long-conversation/conversation.ts'
import { isSummary, plainPairs } from './long-conversation/plain-pairs.ts'

const turns = 120
const contextWindow = 4_000
const first = 'The code word for the harbour gate is heron-42.'
const last = 'What is the code word for the harbour gate?'

let conversation: Conversation
let recall: readonly StoredMessage[]
let state: AgentView

beforeAll(async () => {
  conversation = await converse({ turns, contextWindow, first, last })
  recall = await allOfRecall(conversation.client, conversation.agentId)
  state = await atRest()
})
afterAll(() => conversation.close())

/** The last turn's answer may go out before the compaction that follows it. */
function atRest(): Promise<AgentView> {
  return vi.waitFor(
    async () => {
      const view = await conversation.client.state(conversation.agentId)
      expect(view.pressure.tokens).toBeLessThanOrEqual(view.pressure.flush)
      expect(view.counters.continuedAsNew).toBeGreaterThanOrEqual(view.counters.compactions)
      return view
    },
    { timeout: 20_000, interval: 100 },
  )
}

/** The text of a prompt, as a model has it before it. */
const promptOf = (inference: Conversation['inferences'][number] | undefined): string => JSON.stringify(inference?.request.messages)
const assistants = (): readonly StoredMessage[] => recall.filter(({ role }) => role === 'assistant')

describe(`a conversation of ${turns} turns in a window of ${contextWindow} tokens`, () => {
  test('answers the user in each of its turns, and ends it', () => {
    expect(conversation.results.filter(({ end }) => end !== 'completed')).toEqual([])
    expect(conversation.results.filter(({ replyTexts }) => replyTexts.length === 0)).toEqual([])
    expect(state.counters.turns).toBe(turns)
  })

  test('is compacted many times, each time after an alert [pressure:alert pressure:flush]', () => {
    const alerts = recall.filter(({ kind }) => kind === 'memory-pressure')
    expect(state.counters.compactions).toBeGreaterThanOrEqual(5)
    expect(alerts.length).toBeGreaterThanOrEqual(5)
    // A queue that stays above the warning threshold after a flush is not alerted again.
    expect(alerts.length).toBeLessThanOrEqual(state.counters.compactions + 1)
    // Each alert gets a step of its turn, right after it.
    const followers = alerts.map(({ seq, turn }) => recall.find((message) => message.seq > seq && message.turn === turn)?.role)
    expect(followers.filter((role) => role !== 'assistant')).toEqual([])
  })

  test('goes through a run of its workflow for each compaction, and none of them loses a thing [pressure:continue-as-new agent:one-workflow]', async () => {
    const runs = await runsOf(conversation.agents.temporal, workflowIdOf(conversation.agentId))
    expect(runs.length).toBeGreaterThanOrEqual(6)
    expect(runs.length).toBe(state.counters.continuedAsNew + 1)
    expect(state.counters.messages).toBe(recall.length)
    expect(state.queueLength + state.evicted).toBe(recall.length)
  })

  test('leaves every message in recall once and in order [recall:never-deleted]', () => {
    expect(recall.filter(({ role }) => role === 'user').map(({ text }) => text)).toEqual(conversation.texts)
    const replies = recall.flatMap(({ reply }) => (reply === undefined ? [] : [reply]))
    expect(replies).toEqual(conversation.results.flatMap(({ replyTexts }) => replyTexts))
    const seqs = recall.map(({ seq }) => seq)
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
    expect(new Set(recall.map(({ op }) => op)).size).toBe(recall.length)
  })

  test('leaves each call with one result, right behind it [step:pairing]', () => {
    expect(unpaired(recall)).toEqual([])
    expect(assistants().flatMap(({ calls = [] }) => calls).length).toBeGreaterThan(turns)
  })

  test('never makes a prompt that is larger than the window [context:budget]', () => {
    const largest = Math.max(...assistants().flatMap(({ usage, context }) => [usage?.promptTokens ?? Infinity, context?.countedTokens ?? Infinity]))
    expect(largest).toBeLessThanOrEqual(contextWindow)
  })

  test('finds the fact of its first turn at the end, although nothing of it is left in the context', () => {
    expect(conversation.results.at(-1)?.replyTexts[0]).toContain('heron-42')
    const steps = conversation.inferences.filter((inference) => !isSummary(inference))
    const [asking, searching] = steps.slice(steps.findIndex((inference) => promptOf(inference).includes(last)))
    expect(promptOf(asking)).not.toContain('heron-42')
    expect(asking?.reply.toolCalls.map(({ name }) => name)).toContain('conversation_search')
    expect(promptOf(searching)).toContain('heron-42')
  })

  test('finds it in recall by its words, at once or beside the answer that repeats it [recall:search]', async () => {
    const { messages } = await conversation.client.searchRecall(conversation.agentId, { text: 'code word harbour gate heron-42' })
    expect(messages.slice(0, 3).map(({ text }) => text)).toContain(first)
  })

  test('has a summary that includes the one before it, and stands for all that left the context [pressure:flush]', async () => {
    const covered = conversation.inferences.flatMap((inference) => (isSummary(inference) ? [] : coveredBy(promptOf(inference))))
    expect(covered).toEqual(covered.toSorted((a, b) => a - b))
    expect(new Set(covered).size).toBeGreaterThanOrEqual(5)
    const summary = await conversation.agents.stores.memory.summaries.latest(conversation.agentId)
    expect(summary?.covers).toBe(state.evicted)
    expect(summary).toMatchObject({ byModel: true })
    expect(summary?.text.trim()).not.toBe('')
    const written = conversation.inferences.filter(isSummary)
    for (const [index, { reply }] of written.slice(0, -1).entries()) expect(written[index + 1]?.request.messages.at(-1)?.content).toContain(reply.text.trim().slice(0, 60))
  })

  test('tells the model at each step how much lies outside [external:statistics]', async () => {
    const { archival } = await conversation.client.counts(conversation.agentId)
    expect(archival).toBeGreaterThan(0)
    const evicted = conversation.inferences.flatMap((inference) => numbersIn(promptOf(inference), /(\d+) earlier messages are in recall memory/))
    expect(evicted).toEqual(evicted.toSorted((a, b) => a - b))
    expect(evicted.length).toBe(conversation.inferences.filter((inference) => !isSummary(inference)).length)
    const passages = conversation.inferences.flatMap((inference) => numbersIn(promptOf(inference), /(\d+) passages are in archival memory/))
    expect(passages[0]).toBe(0)
    expect(passages.at(-1)).toBeGreaterThan(0)
    expect(passages.at(-1)).toBeLessThanOrEqual(archival)
  })

  test('keeps each prompt as the beginning of the next, as long as no memory is edited [context:prefix-stable]', () => {
    const pairs = plainPairs(conversation.inferences)
    expect(pairs.length).toBeGreaterThan(turns / 2)
    const broken = pairs.filter(([earlier, later]) => commonPrefix(earlier, later).messages < earlier.messages.length)
    expect(broken).toEqual([])
  })
})

const coveredBy = (prompt: string): readonly number[] => numbersIn(prompt, /Summary of (\d+) earlier messages/)

function numbersIn(text: string, pattern: RegExp): readonly number[] {
  const found = pattern.exec(text)?.[1]
  return found === undefined ? [] : [Number(found)]
}
