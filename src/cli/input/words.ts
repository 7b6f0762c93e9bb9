import { invalidArgument } from '../../protocol/errors.ts'

/**
 * The words of a line of changes, as a shell would give them to `perdure set`: blanks part them. A word, or the value behind its `=`, that begins
 * with a quote goes on to the next one of that kind, and one that begins with `{` or `[` to the end of that JSON.
 * @throws PerdureError `invalid-argument` where a quote or a bracket is not closed
 */
export function wordsIn(line: string): readonly string[] {
  const words: string[] = []
  let rest = line.trimStart()
  while (rest !== '') {
    const [name = ''] = /^[^\s='"]*=/.exec(rest) ?? []
    const value = valueAt(rest.slice(name.length))
    words.push(name + value.text)
    rest = rest.slice(name.length + value.length).trimStart()
  }
  return words
}

/** What stands at the beginning of a text up to the next blank, and how many characters it takes. */
function valueAt(text: string): { readonly text: string; readonly length: number } {
  const quoted = /^'([^']*)'(?=\s|$)/.exec(text) ?? /^"((?:[^"\\]|\\[^])*)"(?=\s|$)/.exec(text)
  if (quoted !== null) return { text: text.startsWith('"') ? (quoted[1] ?? '').replace(/\\([\\"])/g, '$1') : (quoted[1] ?? ''), length: quoted[0].length }
  if (/^['"]/.test(text)) throw invalidArgument(`a quote is not closed: ${text}; a value with blanks stands in quotes, like description='two words'`)
  const length = /^[{[]/.test(text) ? jsonLength(text) : /^\S*/.exec(text)?.[0].length
  if (length === undefined) throw invalidArgument(`a bracket is not closed: ${text}; write JSON, like metadata={"a": 1}`)
  return { text: text.slice(0, length), length }
}

/** Up to the bracket that closes the first one, and the blank behind that. */
function jsonLength(text: string): number | undefined {
  let depth = 0
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[^])*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    if (depth === 0) return index + token.length + (/^\S*/.exec(text.slice(index + token.length))?.[0].length ?? 0)
  }
  return undefined
}
