import type { CallToAnswer } from '../../client/call-to-answer.ts'
import { catchUp } from '../chat/catch-up.ts'
import type { Chat } from '../chat/chat.ts'
import { showWaiting } from '../chat/show-waiting.ts'
import { takeTurn } from '../chat/take-turn.ts'
import { personHere } from '../input/person.ts'
import { changedArguments, pickCall } from '../input/pick-call.ts'
import type { SlashCommand } from './command.ts'

export const approve: SlashCommand = {
  name: 'approve',
  argument: '[N] [{JSON}]',
  summary: 'lets a call that waits run; with JSON, with other arguments',
  run: (chat, argument) =>
    answering(chat, argument, (call, rest) => {
      const edited = rest === '' ? {} : { arguments: changedArguments(call, rest) }
      return chat.connection.client.approve(chat.agentId, call.op, { by: personHere(), ...edited })
    }),
}

export const refuse: SlashCommand = {
  name: 'refuse',
  argument: '[N] [REASON]',
  summary: 'does not let a call that waits run; the agent is told why',
  run: (chat, argument) =>
    answering(chat, argument, (call, reason) => chat.connection.client.refuse(chat.agentId, call.op, { by: personHere(), ...(reason !== '' && { reason }) })),
}

export const waiting: SlashCommand = {
  name: 'waiting',
  summary: 'the calls that wait for an approval, or for the program that runs them',
  anytime: true,
  run: async (chat) => ((await showWaiting(chat)) ? undefined : 'No call waits.'),
}

/** Answers one call; with the last answer the turn goes on, and what waits behind it. */
async function answering(chat: Chat, argument: string, answer: (call: CallToAnswer, rest: string) => Promise<unknown>): Promise<undefined> {
  const { agentId, key, connection } = chat
  const calls = await connection.client.waiting(agentId)
  const { word, rest } = calls.length > 1 ? numberAndRest(argument) : { word: undefined, rest: argument }
  const call = pickCall(calls, word)
  const after = await connection.stores.memory.messages.latestSeq(key)
  const body = await connection.stores.memory.events.get(key, call.eventId)
  // From here on this chat shows the turn, and those behind it; until now whatever went on in them was shown as it came.
  const stood = new Map(chat.standing)
  if (body !== undefined) chat.sent.add(call.eventId)
  chat.standing.clear()
  try {
    await answer(call, rest)
    if (await showWaiting(chat)) return undefined
    if (body !== undefined && (await takeTurn(chat, { ...body, after })) === 'parked') return undefined
    stood.clear()
    await catchUp(chat)
  } finally {
    for (const [eventId, seq] of stood) if (!chat.standing.has(eventId)) chat.standing.set(eventId, seq)
  }
  return undefined
}

function numberAndRest(argument: string): { readonly word: string | undefined; readonly rest: string } {
  const [, word, rest = ''] = /^(\d+)(?:\s+([^]*))?$/.exec(argument) ?? []
  return word === undefined ? { word, rest: argument } : { word, rest }
}
