import type { OnDelta } from '../model.ts'
import { thinkingTags } from '../thinking.ts'

/** How a text begins that is all in gpt-oss' form, with marks that nobody wants to see: it is left to the reply. So is what stands behind its thoughts. */
const marked = /^\s*<\|(?:start|channel)\|>/
/** How a line begins that is a call, in the form that the prompt asks for and some that models use instead. */
const head = /^\s*\{\s*"name"\s*:\s*"([^"\\]{1,128})"\s*,\s*"(?:arguments|parameters)"\s*:\s*(?=\{)/
/** A line that begins so may become a call: it is held back until that is certain. */
const mayBeCall = /^\s*(?:[{[<`]|$)/
const longestHead = 400
/** gpt-oss' thoughts begin so where its server leaves its marks. */
const channelTags = ['<|channel|>analysis<|message|>', '<|end|>'] as const
const tags = [...thinkingTags, channelTags]

/**
 * Turns the deltas of a text that holds calls into deltas of those calls. Calls of other forms than a JSON object on a line of its own,
 * `{"name": …, "arguments": {…}}`, are left out: the reply has them. What is drafted in the thinking at the text's beginning is no call. So is a line that looks like the beginning of a call and is none.
 */
export function callsInDeltas(onDelta: OnDelta): OnDelta {
  let line = ''
  let mode: 'line' | 'thinking' | 'thoughts' | 'arguments' | 'rest' | 'left' = 'line'
  let index = -1
  let blanks = ''
  const thoughts = (text: string): void => {
    const said = blanks + text
    blanks = /\s*$/.exec(said)?.[0] ?? ''
    const shown = said.slice(0, said.length - blanks.length)
    if (shown !== '') onDelta({ type: 'text', text: shown })
  }
  let scan = objectEnd()
  /** Nothing has come but blanks, and what may become a tag. */
  let atStart = true
  let thinking = tagEnd('')
  /** What stands behind the thoughts. */
  let behind: 'line' | 'left' = 'line'
  /** Nothing has come before this line but blanks. */
  let inFirst = true

  /** Takes some of the text; returns the rest. */
  const take = (text: string): string => {
    const newline = text.indexOf('\n')
    switch (mode) {
      case 'line': {
        line += newline < 0 ? text : text.slice(0, newline + 1)
        const rest = newline < 0 ? '' : text.slice(newline + 1)
        const tag = atStart ? tags.find(([opening]) => line.trimStart().startsWith(opening)) : undefined
        atStart &&= tag === undefined && tags.some(([opening]) => opening.startsWith(line.trimStart()))
        if (tag !== undefined) {
          mode = 'thinking'
          behind = tag === channelTags ? 'left' : 'line'
          inFirst = false
          thinking = tagEnd(tag[1])
          const begun = line.trimStart().slice(tag[0].length)
          line = ''
          return begun + rest
        }
        // It may become one.
        if (atStart && line.trim() !== '' && newline < 0) return rest
        if (inFirst && marked.test(line)) {
          mode = 'left'
          return ''
        }
        const found = head.exec(line)
        inFirst &&= line.trim() === '' || (newline < 0 && found === null && mayBeCall.test(line) && line.length <= longestHead)
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
      case 'thinking': {
        const { before, after } = thinking(text)
        if (before !== '') onDelta({ type: 'thinking', text: before })
        if (after === undefined) return ''
        mode = behind
        return after
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
      case 'left':
        return ''
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

/** Takes a text in pieces: what stands before a tag, and, once the tag has come, what stands after it. What may be the tag is held back. */
function tagEnd(tag: string): (piece: string) => { readonly before: string; readonly after?: string } {
  let held = ''
  return (piece) => {
    const text = held + piece
    const at = text.indexOf(tag)
    if (at >= 0) return { before: text.slice(0, at), after: text.slice(at + tag.length) }
    let begun = Math.min(tag.length - 1, text.length)
    while (begun > 0 && !text.endsWith(tag.slice(0, begun))) begun -= 1
    held = text.slice(text.length - begun)
    return { before: text.slice(0, text.length - begun) }
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
