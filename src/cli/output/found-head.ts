import type { FoundMessages } from '../../index.ts'
import { counted, countedFound } from './text.ts'

/** How many messages a search by words and meaning has found, in one clause, and which of them are shown. @param offset how many better ones stand before them */
export function foundHead({ messages, near = [], ...found }: FoundMessages, offset = 0): string {
  const parts = [
    found.total === 0 ? 'No message has these words' : `${countedFound(found, 'message')} ${found.total === 1 ? 'has' : 'have'} these words`,
    ...(near.length === 0 ? [] : [`${counted(near.length, 'other')} ${near.length === 1 ? 'is' : 'are'} merely near by meaning`]),
  ]
  const all = found.total + near.length
  const shown = offset === 0 ? `${messages.length}, the best first` : messages.length === 0 ? 'none: there are no more' : `numbers ${offset + 1} to ${offset + messages.length}`
  return `${parts.join(', ')}${all > messages.length ? `; shown are ${shown}` : ''}`
}
