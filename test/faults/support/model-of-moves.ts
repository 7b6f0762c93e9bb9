import type { ChatMessage, ModelRequest } from '../../../src/model/model.ts'
import { hang, say, scriptedModel, think, type ScriptedModel, type ScriptedOutcome, type ScriptedStep } from '../../../src/testing.ts'

/** What the model does at the first, second, … step of the turn that a text begins. */
export type Moves = (text: string) => readonly ScriptedStep[]

/** What the audit says when all is over; the answer is not part of a test's moves. */
export const afterwardsText = 'Are you still there?'

/**
 * A model that answers by what the prompt shows: a request that comes again, because the worker died over it, gets the same
 * answer. After the last move of a text it says `done: <text>`.
 */
export function modelOfMoves(moves: Moves): ScriptedModel {
  const next: ScriptedStep = (request) => {
    if (typeOf(request.messages.at(-1)) === 'memory_pressure') return think('Nothing needs saving.')
    const { text, taken } = turnOf(request)
    const move = (text === afterwardsText ? [] : moves(text))[taken] ?? say(`done: ${text.slice(0, 40)}`)
    return typeof move === 'function' ? move(request) : move
  }
  return scriptedModel([], { afterwards: next, withoutTools: think('They talked about this and that.') })
}

/** Does not answer the first request for it, until whoever asks is gone. */
export function hangOnce(then: ScriptedOutcome): ScriptedStep {
  let asked = false
  return () => {
    if (asked) return then
    asked = true
    return hang()
  }
}

/** Requests for a step, the audit's left out: those that offer tools. The others ask for a summary. */
export const inferencesOf = (model: ScriptedModel): readonly ModelRequest[] =>
  model.requests.filter((request) => request.tools.length > 0 && turnOf(request).text !== afterwardsText)
export const summariesOf = (model: ScriptedModel): readonly ModelRequest[] => model.requests.filter(({ tools }) => tools.length === 0)

/** The latest user message, and how many steps with calls its turn has taken. */
function turnOf({ messages }: ModelRequest): { readonly text: string; readonly taken: number } {
  const begin = messages.findLastIndex((message) => typeOf(message) === 'user_message')
  const taken = messages.slice(begin + 1).filter((message) => message.role === 'assistant' && message.toolCalls.length > 0).length
  return { text: eventOf(messages[begin])?.message ?? '', taken }
}

const typeOf = (message: ChatMessage | undefined): string | undefined => eventOf(message)?.type

function eventOf(message: ChatMessage | undefined): { readonly type: string; readonly message: string } | undefined {
  if (message?.role !== 'user' || !message.content.startsWith('{')) return undefined
  return JSON.parse(message.content) as { type: string; message: string }
}
