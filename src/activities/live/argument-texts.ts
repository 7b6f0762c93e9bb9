import { escapeAt } from '../../model/text-tools/escape-at.ts'
import { wellFormed, withoutHalf } from '../../protocol/well-formed.ts'

/**
 * Reads the JSON object of a call's arguments while it is being written: tells each piece of a text that stands directly in it, with its key.
 * Joined, the pieces of a key are the text that is stored for it, however the JSON was cut, also where a model has written backslashes that begin
 * no escape; whatever has been told stays true as more comes. A half of a surrogate pair waits for its other half, and becomes U+FFFD where that
 * does not come, as in what is stored. Texts deeper inside, and other values, are passed over. Of a key that comes twice the first text alone is
 * told, and the second one is stored. What is no JSON object tells little, and never throws.
 */
export function argumentTexts(onText: (key: string, text: string) => void): (piece: string) => void {
  let state: State = 'before'
  let key = ''
  let text = ''
  let escape = ''
  let depth = 0
  /** Keys whose text is whole. */
  const told = new Set<string>()

  const flush = (complete: boolean): void => {
    if (state !== 'text') return
    const whole = complete ? text : withoutHalf(text)
    if (whole !== '' && !told.has(key)) onText(key, wellFormed(whole))
    text = text.slice(whole.length)
  }
  const endString = (): void => {
    if (state === 'text') {
      flush(true)
      told.add(key)
      state = 'after'
    } else if (state === 'key') {
      key = text
      state = 'colon'
    } else state = 'inside'
    text = ''
  }
  const inString = (character: string): void => {
    if (escape !== '') {
      escape += character
      const meant = escapeAt(escape, 0)
      if (meant === undefined) return
      text += meant.text
      // What follows a backslash that begins no escape is read on, be it the end of the string.
      const rest = escape.slice(meant.length)
      escape = ''
      for (let at = 0; at < rest.length; at += 1) take(rest.charAt(at))
    } else if (character === '\\') escape = character
    else if (character === '"') endString()
    else text += character
  }
  const inside = (character: string): void => {
    if (character === '"') state = 'string'
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') {
      depth -= 1
      if (depth === 0) state = 'after'
    }
  }
  const step: Readonly<Record<State, (character: string) => void>> = {
    before: (character) => (state = character === '{' ? 'members' : isSpace(character) ? 'before' : 'over'),
    members: (character) => (state = character === '"' ? 'key' : character === '}' ? 'over' : state),
    key: inString,
    colon: (character) => (state = character === ':' ? 'value' : state),
    value: (character) => {
      if (character === '"') state = 'text'
      else if (character === '{' || character === '[') {
        depth = 1
        state = 'inside'
      } else if (!isSpace(character)) state = 'after'
    },
    text: inString,
    string: inString,
    inside,
    after: (character) => (state = character === ',' ? 'members' : character === '}' ? 'over' : state),
    over: () => undefined,
  }
  const take = (character: string): void => step[state](character)
  return (piece) => {
    for (let at = 0; at < piece.length; at += 1) take(piece.charAt(at))
    flush(false)
  }
}

/** `string`: one inside a value that is passed over. */
type State = 'before' | 'members' | 'key' | 'colon' | 'value' | 'text' | 'string' | 'inside' | 'after' | 'over'

const isSpace = (character: string): boolean => /\s/.test(character)
