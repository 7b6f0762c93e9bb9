import type { Key } from './key.ts'

export interface Pasting {
  /** What is pasted, once it has all come; `within` for a key that is part of it; undefined for a key that a person has pressed. */
  press(key: Key): { readonly text: string } | 'within' | undefined
}

/** Puts together what a terminal sends between the marks of bracketed paste: none of it is a key, however it looks. */
export function pasting(): Pasting {
  let pieces: string[] | undefined
  return {
    press: (key) => {
      if (key.name === 'paste-start') {
        pieces = []
        return 'within'
      }
      if (pieces === undefined) return undefined
      if (key.name === 'paste-end') {
        const text = pieces.join('')
        pieces = undefined
        return { text }
      }
      if (key.name === 'return' || key.name === 'enter') pieces.push('\n')
      else if (key.name === 'tab') pieces.push('\t')
      else if (key.text !== undefined && !/^\p{Cc}/u.test(key.text)) pieces.push(key.text)
      return 'within'
    },
  }
}
