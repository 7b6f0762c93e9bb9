import type { CallToAnswer } from '../../client/call-to-answer.ts'
import type { Chat } from '../chat/chat.ts'
import { earlierEvents } from '../chat/earlier-events.ts'
import { showWaiting } from '../chat/show-waiting.ts'
import { takeTurn } from '../chat/take-turn.ts'
import { personHere } from '../input/person.ts'
import { changedArguments, pickCall } from '../input/pick-call.ts'
import type { SlashCommand } from './command.ts'

export const approve: SlashCommand = {
  name: 'approve',
  argument: '[N] [{JSON}]',
  summary: 'lets a call that waits run',
  details: 'With JSON it runs with other arguments: /approve {"content": "…"}. Those that you do not name stay. If several calls wait, N says which one.',
  run: (chat, argument) =>
    answering(chat, argument, (call, rest) => {
      const edited = rest === '' ? {} : { arguments: changedArguments(call, rest) }
      return chat.connection.client.approve(chat.agentId, call.op, { by: personHere(), ...edited })
    }),
}

export const refuse: SlashCommand = {
  name: 'refuse',
  argument: '[N] [REASON]',
  summary: 'does not let a call that waits run',
  details: 'The agent is told the reason. If several calls wait, N says which one.',
  run: (chat, argument) =>
    answering(chat, argument, (call, reason) => chat.connection.client.refuse(chat.agentId, call.op, { by: personHere(), ...(reason !== '' && { reason }) })),
}

export const waiting: SlashCommand = {
  name: 'waiting',
  summary: 'the calls that wait for an approval or a result',
  details: 'A call waits for your approval, or for the program that runs it.',
  run: async (chat) => ((await showWaiting(chat)) ? undefined : 'No call waits.'),
}

/** Answers one call; with the last answer the turn goes on, and what waits behind it. A script waits for that, a person sees it when it comes. */
async function answering(chat: Chat, argument: string, answer: (call: CallToAnswer, rest: string) => Promise<unknown>): Promise<undefined> {
  const { agentId, connection, console } = chat
  const calls = await connection.client.waiting(agentId)
  const { word, rest } = calls.length > 1 ? numberAndRest(argument) : { word: undefined, rest: argument }
  const call = pickCall(calls, word)
  const events = console.interactive ? [] : await earlierEvents(chat, await connection.client.state(agentId))
  await answer(call, rest)
  if (calls.length > 1 && (await showWaiting(chat))) return undefined
  for (const event of events) if ((await takeTurn(chat, event)) === 'parked') break
  return undefined
}

function numberAndRest(argument: string): { readonly word: string | undefined; readonly rest: string } {
  const [, word, rest = ''] = /^(\d+)(?:\s+([^]*))?$/.exec(argument) ?? []
  return word === undefined ? { word, rest: argument } : { word, rest }
}
