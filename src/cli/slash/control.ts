import { invalidArgument } from '../../protocol/errors.ts'
import { agentsList } from '../output/agents-list.ts'
import { catchUp } from '../chat/catch-up.ts'
import type { SlashCommand } from './command.ts'

export const cancel: SlashCommand = {
  name: 'cancel',
  summary: 'ends the running turn; what was finished is kept (Ctrl-C does the same)',
  anytime: true,
  run: async ({ agentId, connection: { client } }) => ((await client.cancel(agentId)) ? undefined : 'No turn is running.'),
}

export const resume: SlashCommand = {
  name: 'resume',
  summary: 'lets a parked agent try again',
  run: async (chat) => {
    if (!(await chat.connection.client.resume(chat.agentId))) return 'The agent is not parked.'
    await catchUp(chat)
    return undefined
  },
}

export const thoughts: SlashCommand = {
  name: 'thoughts',
  argument: 'on|off',
  summary: 'shows or hides inner thoughts and tool calls',
  anytime: true,
  run: (chat, argument) => {
    const wanted = argument.toLowerCase()
    if (wanted !== '' && wanted !== 'on' && wanted !== 'off') throw invalidArgument('write /thoughts on or /thoughts off')
    chat.thoughts = wanted === '' ? !chat.thoughts : wanted === 'on'
    return `Inner thoughts and tool calls are ${chat.thoughts ? 'shown' : 'hidden'}.`
  },
}

export const agents: SlashCommand = {
  name: 'agents',
  summary: 'lists all agents',
  anytime: true,
  run: async ({ connection }) => (await agentsList(connection)).join('\n'),
}

export const exit: SlashCommand = {
  name: 'exit',
  summary: 'leaves the chat; the agent lives on (Ctrl-C and Ctrl-D do the same)',
  anytime: true,
  run: (chat) => {
    chat.leaving = true
    return undefined
  },
}
