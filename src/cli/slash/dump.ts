import { messageText } from '../output/message-lines.ts'
import { counted } from '../output/text.ts'
import { wholeNumber, type SlashCommand } from './command.ts'

const mostMessages = 1_000

export const dump: SlashCommand = {
  name: 'dump',
  argument: '[N]',
  summary: 'messages in the context, or the last N of recall memory',
  run: async ({ agentId, connection: { client }, console: { palette } }, argument) => {
    if (argument === '') {
      const messages = await client.context(agentId)
      return [`${counted(messages.length, 'message')} in the context:`, ...messages.map((message) => messageText(message, palette))].join('\n')
    }
    const { total, messages } = await client.searchRecall(agentId, { order: 'newest', limit: wholeNumber(argument, mostMessages) })
    const shown = messages.toReversed().map((message) => messageText(message, palette))
    return [`The last ${messages.length.toLocaleString('en-US')} of ${counted(total, 'message')} in recall memory:`, ...shown].join('\n')
  },
}
