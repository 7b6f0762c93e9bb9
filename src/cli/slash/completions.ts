import type { Chat } from '../chat/chat.ts'
import type { Completions } from '../chat/console.ts'
import { findSlashCommand, slashCommands } from './commands.ts'

/** What the word at the end of a line can become: the name of a command, or what can follow it. */
export async function completionsOf(chat: Chat, text: string): Promise<Completions> {
  const [, name = '', blanks, begun = ''] = /^\/(\S*)(\s+)?(\S*)$/.exec(text) ?? []
  const from = text.length - (blanks === undefined ? name.length : begun.length)
  if (!text.startsWith('/')) return { from: text.length, words: [] }
  if (blanks === undefined) return { from, words: slashCommands.map((command) => command.name).filter((known) => known.startsWith(name.toLowerCase())).sort() }
  const command = findSlashCommand(name.toLowerCase())
  if ('unknown' in command || command.words === undefined) return { from, words: [] }
  return { from, words: (await command.words(chat)).filter((word) => word.startsWith(begun)).toSorted() }
}
