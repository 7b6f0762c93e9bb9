import type { OnDelta } from '../deltas.ts'

/** How a line begins that is a call, in the form that the prompt asks for and some that models use instead. */
const head = /^\s*\{\s*"name"\s*:\s*"([^"\\]{1,128})"\s*,\s*"(?:arguments|parameters)"\s*:\s*(?=\{)/
/** A line that begins so may become a call: it is held back until that is certain. */
const mayBeCall = /^\s*(?:[{[<`]|$)/
const longestHead = 400

/**
 * Turns the deltas of a text that holds calls into deltas of those calls. Calls of other forms than a JSON object on a line of its own,
 * `{"name": …, "arguments": {…}}`, are left out: the reply has them. So is a line that looks like the beginning of a call and is none.
 */
export function callsInDeltas(onDelta: OnDelta): OnDelta {
  let line = ''
  let mode: 'line' | 'thoughts' | 'arguments' | 'rest' = 'line'
  let index = -1
  let blanks = ''
  const thoughts = (text: string): void => {
    const said = blanks + text
    blanks = /\s*$/.exec(said)?.[0] ?? ''
    const shown = said.slice(0, said.length - blanks.length)
    if (shown !== '') onDelta({ type: 'text', text: shown })
  }
  let scan = objectEnd()

  /** Takes some of the text; returns the rest. */
  const take = (text: string): string => {
    const newline = text.indexOf('\n')
    switch (mode) {
      case 'line': {
        line += newline < 0 ? text : text.slice(0, newline + 1)
        const rest = newline < 0 ? '' : text.slice(newline + 1)
        const found = head.exec(line)
        if (found !== null) {
          mode = 'arguments'
          index += 1
          scan = objectEnd()
          onDelta({ type: 'call', index, name: found[1] ?? '', arguments: '' })
          const begun = line.slice(found[0].length)
          line = ''
          return begun + rest
        }
        if (!mayBeCall.test(line)) {
          thoughts(line)
          mode = newline < 0 ? 'thoughts' : 'line'
          line = ''
        } else if (newline >= 0) {
          if (line.trim() === '') blanks += line
          line = ''
        } else if (line.length > longestHead) {
          mode = 'rest'
          line = ''
        }
        return rest
      }
      case 'thoughts':
        thoughts(newline < 0 ? text : text.slice(0, newline + 1))
        if (newline >= 0) mode = 'line'
        return newline < 0 ? '' : text.slice(newline + 1)
      case 'arguments': {
        const end = scan(text)
        onDelta({ type: 'call', index, arguments: text.slice(0, end) })
        if (end === undefined) return ''
        mode = 'rest'
        return text.slice(end)
      }
      case 'rest':
        if (newline >= 0) mode = 'line'
        return newline < 0 ? '' : text.slice(newline + 1)
    }
  }
  return (delta) => {
    if (delta.type !== 'text') onDelta(delta)
    else for (let text = delta.text; text !== ''; ) text = take(text)
  }
}

/** Finds the end of a JSON object that comes in pieces: the index after its last character, once it is there. */
function objectEnd(): (piece: string) => number | undefined {
  let depth = 0
  let inString = false
  let escaped = false
  return (piece) => {
    for (let at = 0; at < piece.length; at += 1) {
      const character = piece[at]
      if (escaped) escaped = false
      else if (character === '\\') escaped = inString
      else if (character === '"') inString = !inString
      else if (!inString && (character === '{' || character === '[')) depth += 1
      else if (!inString && (character === '}' || character === ']') && (depth -= 1) === 0) return at + 1
    }
    return undefined
  }
}
