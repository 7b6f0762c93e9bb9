import type { PerdureClient } from '../../client/client.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import type { AgentView } from '../../protocol/handlers.ts'
import { assertAgentId } from '../../protocol/ids.ts'
import { earlierEvents, takeUp } from '../chat/earlier-events.ts'
import { agentsList } from '../output/agents-list.ts'
import { pausedLines } from '../output/held-up.ts'
import { printable } from '../output/printable.ts'
import { required, type SlashCommand } from './command.ts'

export const cancel: SlashCommand = {
  name: 'cancel',
  summary: 'ends the running turn; so does Ctrl-C',
  details: 'What was finished is kept.',
  run: async ({ agentId, connection: { client }, shown: { running } }) => {
    // The one that the person sees; another one may have begun since.
    if (running?.turn !== undefined) return (await client.cancel(agentId, { turn: running.turn })) ? undefined : 'That turn has ended already.'
    return (await client.cancel(agentId)) ? undefined : 'No turn is running.'
  },
}

export const resume: SlashCommand = {
  name: 'resume',
  summary: 'lets a parked agent try again',
  run: async (chat) => {
    const { client } = chat.connection
    const view = await client.state(chat.agentId)
    const events = await earlierEvents(chat, view)
    if (!(await client.resume(chat.agentId))) return notParked(view)
    chat.shown.letGoOnAt = Date.now()
    // A person sees the answers when they come.
    if (!chat.console.interactive) await takeUp(chat, events)
    return undefined
  },
}

/** What stands on the screen of a park stays there until a step succeeds. */
function notParked({ running, paused }: AgentView): string {
  if (paused !== undefined) return ['The agent is not parked:', ...pausedLines(paused)].join('\n  ')
  if (running?.retrying === undefined) return 'The agent is not parked.'
  const { attempt, detail } = running.retrying
  return `The agent is not parked: it tries again by itself, with attempt ${attempt}. The one before failed: ${printable(detail)}`
}

export const thoughts: SlashCommand = {
  name: 'thoughts',
  argument: 'on|off',
  summary: 'shows or hides inner thoughts and tool calls',
  run: (chat, argument) => {
    const wanted = argument.toLowerCase()
    if (wanted !== '' && wanted !== 'on' && wanted !== 'off') throw invalidArgument('write /thoughts on or /thoughts off')
    chat.thoughts = wanted === '' ? !chat.thoughts : wanted === 'on'
    return `Inner thoughts and tool calls are ${chat.thoughts ? 'shown' : 'hidden'}.`
  },
}

export const agents: SlashCommand = {
  name: 'agents',
  argument: '[NAME]',
  summary: 'lists all agents, or talks to another one',
  words: ({ connection }) => agentNames(connection.client),
  run: async (chat, argument) => {
    const { client } = chat.connection
    if (argument === '') return (await agentsList(chat.connection)).join('\n')
    if (argument === chat.agentId) return `You are talking to ${argument}.`
    if ((await client.get(argument)) === undefined) {
      throw invalidArgument(`there is no agent ${JSON.stringify(argument)}; /agents lists them, /new ${argument} makes one`)
    }
    chat.leaving = { to: argument }
    return undefined
  },
}

export const anew: SlashCommand = {
  name: 'new',
  argument: 'NAME',
  summary: 'makes another agent, and talks to it; this one lives on',
  run: async (chat, argument) => {
    const name = required(argument, anew, 'the name of the new agent')
    assertAgentId(name)
    if ((await chat.connection.client.get(name)) !== undefined) throw invalidArgument(`there is an agent ${JSON.stringify(name)} already; /agents ${name} talks to it`)
    chat.leaving = { to: name, anew: true }
    return undefined
  },
}

export const clear: SlashCommand = {
  name: 'clear',
  summary: 'empties the screen; so does Ctrl-L',
  details: 'The agent forgets nothing.',
  run: ({ console }) => {
    console.clear()
    return undefined
  },
}

export const editor: SlashCommand = {
  name: 'editor',
  summary: 'opens your editor for the next message',
  details: 'The editor is the one that VISUAL or EDITOR names, else vi. What you save stands in the line, and Enter sends it. Ctrl-X Ctrl-E opens the editor with the line as it is.',
  run: async ({ console }) => {
    const text = await console.edit('')
    if (text === undefined) throw invalidArgument('/editor needs a terminal')
    console.draft(text)
    return undefined
  },
}

const leave = (name: string, summary: string): SlashCommand => ({
  name,
  summary,
  run: (chat) => {
    chat.leaving = {}
    return undefined
  },
})

export const exit = leave('exit', 'leaves the chat, as Ctrl-D does; the agent lives on')
export const quit = leave('quit', 'the same')

const mostNames = 1_000

async function agentNames(client: Pick<PerdureClient, 'list'>): Promise<readonly string[]> {
  const { agents: found } = await client.list({ limit: mostNames })
  return found.filter(({ archivedAt }) => archivedAt === undefined).map(({ definition }) => definition.id)
}
