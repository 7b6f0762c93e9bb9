import type { Passage } from '../../index.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import { counted, oneLine, shortTime } from '../output/text.ts'
import { bestPlace } from '../../words/best-place.ts'
import { byWordsAloneLines } from '../output/by-words-alone.ts'
import { foundHead } from '../output/found-head.ts'
import { required, type SlashCommand } from './command.ts'

const pageSize = 10
/** Characters of a message, on a screen however narrow. */
const leastShown = 20

export const search: SlashCommand = {
  name: 'search',
  argument: 'WORDS',
  summary: 'messages with any of these words, or near in meaning',
  run: async ({ agentId, connection: { client }, console: { columns } }, argument) => {
    const text = required(argument, search, 'what to search for')
    const found = await client.searchRecall(agentId, { text, conversation: true, limit: pageSize })
    const { messages, near = [] } = found
    const above = byWordsAloneLines(found.byWordsAlone)
    if (messages.length === 0) return [...above, `Nothing in recall memory has any of these words: ${oneLine(text, 200)}`].join('\n')
    const lines = messages.map((message) => `  ${messageLine(message, { agentId, text, near, width: columns - 4 })}`)
    return [...above, `${foundHead(found)}:`, ...lines].join('\n')
  },
}

export const archival: SlashCommand = {
  name: 'archival',
  argument: '[WORDS]',
  summary: 'the newest passages of archival memory, or about WORDS',
  run: async ({ agentId, connection: { client }, console: { columns } }, argument) => {
    if (argument !== '') {
      const { passages, byWordsAlone } = await client.searchArchival(agentId, { text: argument, limit: pageSize })
      const above = byWordsAloneLines(byWordsAlone)
      if (passages.length === 0) return [...above, `Nothing in archival memory is about ${oneLine(argument, 200)}`].join('\n')
      return [...above, 'The best first:', ...passages.map((passage) => `  ${passageLine(passage, columns - 4)}`)].join('\n')
    }
    const [{ archival: total }, passages] = await Promise.all([client.counts(agentId), client.passages(agentId, { limit: pageSize })])
    if (total === 0) return 'Archival memory is empty.'
    const head = total > passages.length ? `${counted(total, 'passage')}, the newest ${passages.length}:` : `${counted(total, 'passage')}:`
    return [head, ...passages.map((passage) => `  ${passageLine(passage, columns - 4)}`)].join('\n')
  },
}

/** A long message from shortly before what was hit on. */
function messageLine({ seq, at, reply, text: whole, kind }: StoredMessage, { agentId, text, near, width }: { readonly agentId: string; readonly text: string; readonly near: readonly number[]; readonly width: number }): string {
  const who = reply !== undefined ? agentId : kind === 'user-message' ? 'you' : (kind ?? 'system')
  const head = `#${seq}  ${shortTime(at)}  ${who}${near.includes(seq) ? ' (near by meaning)' : ''}: `
  const said = oneLine(reply ?? whole, Infinity)
  const room = Math.max(leastShown, width - head.length)
  const hit = bestPlace(said, text, room)
  const from = hit < room * 0.75 ? 0 : hit - Math.floor(room / 4)
  return oneLine(`${head}${from > 0 ? `…${said.slice(from).replace(/^[\uDC00-\uDFFF]/, '')}` : said}`, width)
}

function passageLine({ at, source, tags, text }: Passage, width: number): string {
  const marks = tags.map((tag) => ` #${tag}`).join('')
  return oneLine(`${shortTime(at)}  ${source}${marks}: ${text}`, width)
}
