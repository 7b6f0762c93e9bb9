import type { Chat } from '../chat/chat.ts'
import { columns } from '../output/columns.ts'
import { shortTime } from '../output/text.ts'
import type { SlashCommand } from './command.ts'

/** The name of a checkpoint if none is given. */
const usualName = 'chat'

export const save: SlashCommand = {
  name: 'save',
  argument: '[NAME]',
  summary: `keeps context and core memory as a checkpoint (${usualName}, unless named)`,
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
  summary: 'goes back to a checkpoint; what came since stays in recall memory',
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
  run: async ({ key, connection: { stores } }) => {
    const saved = await stores.memory.checkpoints.list(key)
    if (saved.length === 0) return 'There is no checkpoint yet; /save makes one.'
    return columns(saved.map(({ name, at }) => [name, shortTime(at)])).join('\n')
  },
}

export const pop: SlashCommand = {
  name: 'pop',
  summary: 'takes the last exchange out of the context; recall memory keeps it, marked',
  between: true,
  run: async ({ agentId, connection: { client } }) => sentence((await client.command(agentId, { type: 'pop' })).detail, 'popped the last exchange'),
}

/** Of the agent, for Tab. */
async function checkpointNames({ key, connection: { stores } }: Chat): Promise<readonly string[]> {
  return (await stores.memory.checkpoints.list(key)).map(({ name }) => name)
}

function sentence(detail: string, otherwise: string): string {
  const text = detail === '' ? otherwise : detail
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
