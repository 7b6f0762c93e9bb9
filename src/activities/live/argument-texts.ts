import { wellFormed, withoutHalf } from '../../protocol/well-formed.ts'

/**
 * Reads the JSON object of a call's arguments while it is being written: tells each piece of a text that stands directly in it, with its key.
 * Joined, the pieces of a key are the text that `JSON.parse` gives for it, however the JSON was cut; whatever has been told stays true as more
 * comes. A half of a surrogate pair waits for its other half, and becomes U+FFFD where that does not come, as in what is stored. Texts deeper
 * inside, and other values, are passed over. Of a key that comes twice both are told. What is no JSON object tells little, and never throws.
 */
export function argumentTexts(onText: (key: string, text: string) => void): (piece: string) => void {
  let state: State = 'before'
  let key = ''
  let text = ''
  let escape = ''
  let depth = 0

  const flush = (complete: boolean): void => {
    if (state !== 'text') return
    const whole = complete ? text : withoutHalf(text)
    if (whole !== '') onText(key, wellFormed(whole))
    text = text.slice(whole.length)
  }
  const endString = (): void => {
    if (state === 'text') {
      flush(true)
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
      if (escape[1] === 'u' && escape.length < 6) return
      text += unescaped(escape)
      escape = ''
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
  return (piece) => {
    for (let at = 0; at < piece.length; at += 1) step[state](piece.charAt(at))
    flush(false)
  }
}

/** `string`: one inside a value that is passed over. */
type State = 'before' | 'members' | 'key' | 'colon' | 'value' | 'text' | 'string' | 'inside' | 'after' | 'over'

const isSpace = (character: string): boolean => /\s/.test(character)

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function unescaped(escape: string): string {
  const letter = escape.charAt(1)
  return letter === 'u' ? String.fromCharCode(Number.parseInt(escape.slice(2), 16)) : (escapes[letter] ?? letter)
}
