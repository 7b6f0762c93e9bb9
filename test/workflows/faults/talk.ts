import type { WorkflowHandle } from '@temporalio/client'
import { workflowIdOf } from '../../../src/protocol/ids.ts'
import type { TurnResult } from '../../../src/client/types.ts'
import { say, scriptedModel, type ModelRequest, type ScriptedModel, type ScriptedStep } from '../../../src/testing.ts'
import type { Agents } from '../../support/agents.ts'
import { gate } from '../../support/gate.ts'

/** What is said to an agent whose texts are their own event ids, and what became of that. */
export interface Talk {
  readonly workflow: () => WorkflowHandle
  readonly posted: (...ids: readonly string[]) => Promise<void>
  /** By signals, which need no worker. */
  readonly signalled: (...ids: readonly string[]) => Promise<void>
  /** Of the ends of their turns. */
  readonly outcomes: (...ids: readonly string[]) => Promise<readonly TurnResult[]>
  /** Ids of the events in recall memory, in their order, and what was sent in the turn of each. */
  readonly conversation: () => Promise<readonly (readonly [event: string, replies: readonly string[]])[]>
}

/** @param present the agents of the test that runs */
export function talk(present: () => Agents): Talk {
  return {
    workflow: () => {
      const { temporal, agentId } = present()
      return temporal.workflow.getHandle(workflowIdOf(agentId))
    },
    posted: async (...ids) => {
      const { client, agentId } = present()
      for (const id of ids) await client.post(agentId, id, { eventId: id })
    },
    signalled: async (...ids) => {
      const { client, agentId } = present()
      for (const id of ids) await client.signal(agentId, id, { eventId: id })
    },
    outcomes: (...ids) => {
      const { client, agentId } = present()
      return Promise.all(ids.map((id) => client.outcome(agentId, id, { until: 'end' })))
    },
    conversation: async () => {
      const { client, agentId } = present()
      const messages = await client.messages(agentId, { limit: 1_000 })
      return messages.flatMap(({ eventId, turn }) =>
        eventId === undefined ? [] : [[eventId, messages.flatMap((message) => (message.turn === turn && message.reply !== undefined ? [message.reply] : []))] as const],
      )
    },
  }
}

/** What `conversation` says where each message was answered by an echo. */
export const textsOf = (ids: readonly string[]): readonly (readonly [event: string, replies: readonly string[]])[] => ids.map((id) => [id, [echoOf(id)]])

const echoOf = (text: string): string => `got ${text}`

/** A model that answers `got TEXT` when the steps are over. */
export function echoingModel(steps: readonly ScriptedStep[] = []): ScriptedModel {
  return scriptedModel(steps, { afterwards: (request) => say(echoOf(lastText(request))) })
}

/** One that answers `got TEXT`. Of a text with "hold" the first answer is held back until `open`; later ones are not. */
export function holdingModel(): { readonly model: ScriptedModel; readonly holds: Promise<void>; readonly open: () => void } {
  const { model, holds, open } = holdingModelAt('hold')
  return { model, holds: holds('hold'), open: () => open('hold') }
}

/** Holds once at each message that has one of the words. */
export function holdingModelAt(...words: readonly string[]): { readonly model: ScriptedModel; readonly holds: (word: string) => Promise<void>; readonly open: (word: string) => void } {
  const gates = new Map(words.map((word) => [word, { word, held: false, holding: gate(), opened: gate() }]))
  const gateOf = (word: string) => {
    const found = gates.get(word)
    if (found === undefined) throw new Error(`the model does not hold at ${word}`)
    return found
  }
  const model = scriptedModel([], {
    afterwards: async (request) => {
      const text = lastText(request)
      const found = [...gates.values()].find(({ word, held }) => !held && text.includes(word))
      if (found !== undefined) {
        found.held = true
        found.holding.open()
        await found.opened.opened
      }
      return say(echoOf(text))
    },
  })
  return { model, holds: (word) => gateOf(word).holding.opened, open: (word) => gateOf(word).opened.open() }
}

/** What the latest event says; that of a timer is a system message. */
export function lastText({ messages }: Pick<ModelRequest, 'messages'>): string {
  const event = messages.findLast(({ content }) => content.includes('"message":'))
  return (JSON.parse(event?.content ?? '{}') as { message?: string }).message ?? ''
}
