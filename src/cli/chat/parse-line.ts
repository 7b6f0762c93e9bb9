import type { Entered } from './console.ts'

export type ChatLine =
  | { readonly type: 'nothing' }
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'command'; readonly name: string; readonly argument: string }

/** `/name argument` is a command, `//` begins a message with one slash, a blank line is nothing. */
export function parseLine(line: string): ChatLine {
  const text = line.trim()
  if (text === '') return { type: 'nothing' }
  if (!text.startsWith('/')) return { type: 'message', text }
  if (text.startsWith('//')) return { type: 'message', text: text.slice(1) }
  const [, name = '', argument = ''] = /^\/(\S*)\s*([^]*)$/.exec(text) ?? []
  return { type: 'command', name: name.toLowerCase(), argument }
}

/** What was pasted is no command, however it begins. */
export function readEntry({ text, pasted }: Entered): ChatLine {
  if (!pasted) return parseLine(text)
  return text.trim() === '' ? { type: 'nothing' } : { type: 'message', text: text.trim() }
}
