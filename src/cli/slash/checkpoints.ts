import type { Chat } from '../chat/chat.ts'
import { columns } from '../output/columns.ts'
import { shortTime } from '../output/text.ts'
import type { SlashCommand } from './command.ts'

/** The name of a checkpoint if none is given. */
const usualName = 'chat'

export const save: SlashCommand = {
  name: 'save',
  argument: '[NAME]',
  summary: 'keeps context and core memory as a checkpoint',
  details: `Unless it is named, its name is ${usualName}.`,
  between: true,
  words: checkpointNames,
  run: async ({ agentId, connection: { client } }, argument) => {
    const name = argument || usualName
    return sentence((await client.command(agentId, { type: 'save', name })).detail, `saved as ${name}`)
  },
}

export const load: SlashCommand = {
  name: 'load',
  argument: '[NAME]',
  summary: 'goes back to a checkpoint',
  details: 'What came since stays in recall memory.',
  between: true,
  words: checkpointNames,
  run: async ({ agentId, connection: { client } }, argument) => {
    const name = argument || usualName
    return sentence((await client.command(agentId, { type: 'load', name })).detail, `loaded ${name}`)
  },
}

export const checkpoints: SlashCommand = {
  name: 'checkpoints',
  summary: 'lists the checkpoints',
  run: async ({ agentId, connection: { client } }) => {
    const saved = await client.checkpoints(agentId)
    if (saved.length === 0) return 'There is no checkpoint yet; /save makes one.'
    return columns(saved.map(({ name, at }) => [name, shortTime(at)])).join('\n')
  },
}

export const pop: SlashCommand = {
  name: 'pop',
  summary: 'takes the last exchange out of the context',
  details: 'Recall memory keeps it, with a mark.',
  between: true,
  run: async ({ agentId, connection: { client } }) => sentence((await client.command(agentId, { type: 'pop' })).detail, 'popped the last exchange'),
}

/** Of the agent, for Tab. */
async function checkpointNames({ agentId, connection: { client } }: Chat): Promise<readonly string[]> {
  return (await client.checkpoints(agentId)).map(({ name }) => name)
}

function sentence(detail: string, otherwise: string): string {
  const text = detail === '' ? otherwise : detail
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
