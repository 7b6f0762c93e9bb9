import { keyName, type Key } from './key.ts'

export interface Pasting {
  /** What is pasted, once it has all come; `within` for a key that is part of it; undefined for a key that a person has pressed. */
  press(key: Key): { readonly text: string } | 'within' | undefined
  /** What has come of a paste whose end has not. */
  readonly begun: string
}

/**
 * Puts together what a terminal sends between the marks of bracketed paste: none of it is a key, however it looks. Only Ctrl-C is one: it
 * ends a paste whose end mark has been lost, which would take every key otherwise. A Ctrl-C that is itself pasted does so too.
 */
export function pasting(): Pasting {
  let pieces: string[] | undefined
  let returned = false
  const finish = (texts: readonly string[]): { readonly text: string } => {
    pieces = undefined
    return { text: texts.join('') }
  }
  return {
    get begun() {
      return pieces?.join('') ?? ''
    },
    press: (key) => {
      if (key.name === 'paste-start') {
        pieces = []
        returned = false
        return 'within'
      }
      // A mark that comes late ends nothing, and is no key.
      if (pieces === undefined) return key.name === 'paste-end' ? 'within' : undefined
      if (key.name === 'paste-end' || keyName(key) === 'ctrl-c') return finish(pieces)
      // A carriage return and the line feed behind it are one line break.
      const sameBreak = returned && key.name === 'enter'
      returned = key.name === 'return'
      if (sameBreak) return 'within'
      if (key.name === 'return' || key.name === 'enter') pieces.push('\n')
      else if (key.name === 'tab') pieces.push('\t')
      else if (key.text !== undefined && !/^\p{Cc}/u.test(key.text)) pieces.push(key.text)
      return 'within'
    },
  }
}
