import { characterOf, keyName, type Key } from './key.ts'
import type { LineHistory } from './line-history.ts'
import { graphemesOf } from '../terminal/graphemes.ts'

export interface HistorySearch {
  readonly words: string
  /** The newest entry that has the words. */
  readonly found: string | undefined
  press(key: Key): SearchMove
}

type SearchMove =
  | { readonly type: 'searching'; readonly search: HistorySearch }
  | { readonly type: 'left' }
  /** `passOn`: the key is for the line that was taken. */
  | { readonly type: 'taken'; readonly text: string | undefined; readonly passOn: boolean }

/** Looks for an entry as one types: Ctrl-R goes to the one before, Escape and Tab take what was found, Ctrl-C and Ctrl-G leave the line as it was. */
export function historySearch(history: LineHistory, words = '', place = 0): HistorySearch {
  const found = words === '' ? undefined : history.entries[place]
  const lookFrom = (wanted: string, from: number): SearchMove => {
    const next = wanted === '' ? 0 : history.find(wanted, from)
    // Where nothing is found the last hit is gone from the screen, and a correction of the words starts over.
    return { type: 'searching', search: historySearch(history, wanted, next === -1 ? history.entries.length : next) }
  }
  return {
    words,
    found,
    press: (key) => {
      switch (keyName(key)) {
        case 'ctrl-r':
          return found === undefined ? { type: 'searching', search: historySearch(history, words, place) } : lookFrom(words, place + 1)
        case 'backspace':
        case 'ctrl-h':
          return lookFrom(graphemesOf(words).slice(0, -1).join(''), 0)
        case 'ctrl-c':
        case 'ctrl-g':
          return { type: 'left' }
        case 'escape':
        case 'tab':
          return { type: 'taken', text: found, passOn: false }
        default: {
          const character = characterOf(key)
          return character === undefined ? { type: 'taken', text: found, passOn: true } : lookFrom(words + character, place)
        }
      }
    },
  }
}
