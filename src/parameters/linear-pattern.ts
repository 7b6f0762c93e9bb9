import { RE2JS } from 're2js'
import { messageOf } from '../protocol/errors.ts'
import { limits } from '../protocol/limits.ts'

/** A `pattern` of JSON Schema that is matched in a time linear in the text, whatever pattern and text are. */
export interface LinearPattern {
  readonly source: string
  test(text: string): boolean
  /** Steps that a character of the text costs at most. */
  readonly steps: number
}

/** What JavaScript's `\s` means; the engine's own means a few of them. */
const blanks = String.raw`\t\n\x0B\f\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}`

/** Returns what is wrong with a pattern that can't be matched so: it looks ahead or behind, or refers back, or is too large. */
export function linearPattern(pattern: string): LinearPattern | string {
  if (pattern.length > limits.patternCharacters) return `has ${pattern.length} characters, the limit is ${limits.patternCharacters}`
  try {
    const compiled = RE2JS.compile(withBlanks(RE2JS.translateRegExp(pattern)))
    return { source: pattern, test: (text) => compiled.test(text), steps: compiled.programSize() }
  } catch (error) {
    return `can't be matched in linear time (${messageOf(error)}): write it without looking ahead or behind, references back, and counts above 1,000`
  }
}

/** With JavaScript's blanks for `\s`, in a class and outside of one. `\S` in a class stays the engine's own. */
function withBlanks(pattern: string): string {
  let inClass = false
  return pattern.replace(/\\.|[[\]]/gsu, (part) => {
    if (part === '[' || part === ']') inClass = part === '['
    if (part === String.raw`\s`) return inClass ? blanks : `[${blanks}]`
    return part === String.raw`\S` && !inClass ? `[^${blanks}]` : part
  })
}
