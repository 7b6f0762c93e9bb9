import type { Passage } from '../../index.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import { counted, countedFound, oneLine, shortTime } from '../output/text.ts'
import { required, type SlashCommand } from './command.ts'

const pageSize = 10

export const search: SlashCommand = {
  name: 'search',
  argument: 'WORDS',
  summary: 'messages of recall memory with any of these words',
  run: async ({ agentId, connection: { client }, console: { columns } }, argument) => {
    const text = required(argument, search, 'what to search for')
    const found = await client.searchRecall(agentId, { text, conversation: true, limit: pageSize })
    const { total, messages } = found
    if (total === 0) return `Nothing in recall memory has any of these words: ${oneLine(text, 200)}`
    const head = `${countedFound(found, 'message')}${total > messages.length ? `, the best ${messages.length}` : ''}:`
    return [head, ...messages.map((message) => `  ${messageLine(message, agentId, columns - 4)}`)].join('\n')
  },
}

export const archival: SlashCommand = {
  name: 'archival',
  argument: '[WORDS]',
  summary: 'the newest passages of archival memory, or about WORDS',
  run: async ({ agentId, connection: { client }, console: { columns } }, argument) => {
    if (argument !== '') {
      const { passages } = await client.searchArchival(agentId, { text: argument, limit: pageSize })
      if (passages.length === 0) return `Nothing in archival memory is about ${oneLine(argument, 200)}`
      return ['The best first:', ...passages.map((passage) => `  ${passageLine(passage, columns - 4)}`)].join('\n')
    }
    const [{ archival: total }, passages] = await Promise.all([client.counts(agentId), client.passages(agentId, { limit: pageSize })])
    if (total === 0) return 'Archival memory is empty.'
    const head = total > passages.length ? `${counted(total, 'passage')}, the newest ${passages.length}:` : `${counted(total, 'passage')}:`
    return [head, ...passages.map((passage) => `  ${passageLine(passage, columns - 4)}`)].join('\n')
  },
}

function messageLine({ seq, at, reply, text, kind }: StoredMessage, agentId: string, width: number): string {
  const who = reply !== undefined ? agentId : kind === 'user-message' ? 'you' : (kind ?? 'system')
  return oneLine(`#${seq}  ${shortTime(at)}  ${who}: ${reply ?? text}`, width)
}

function passageLine({ at, source, tags, text }: Passage, width: number): string {
  const marks = tags.map((tag) => ` #${tag}`).join('')
  return oneLine(`${shortTime(at)}  ${source}${marks}: ${text}`, width)
}
