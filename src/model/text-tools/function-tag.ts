import { jsonOrText } from '../../protocol/json.ts'
import { afterBlanks, type Found, type MarkedText } from './marked-text.ts'
import { parametersOf, textParameters } from './text-parameters.ts'
import { matchAt } from './match-at.ts'

const opening = /<function=\s{0,4}([\w.-]{1,64})\s{0,4}>\s{0,20}(?=<parameter=|<\/function>)/y
const parameter = /<parameter=\s{0,4}([\w.-]{1,64})\s{0,4}>/y
const ownEnd = '</parameter>'
const closing = '</function>'
/** Where a value may end whose own end a model has left out. */
const otherEnd = /\n<parameter=\s{0,4}([\w.-]{1,64})\s{0,4}>|\n?<\/function>\s{0,20}(?:<\/tool_call>|$)/g

/**
 * `<function=search><parameter=query>…</parameter></function>`, as Qwen's coding models write calls. All values are text in this form. If
 * the tool's schema wants something else than text, a value that is JSON is read as JSON. Some models leave out the ends of values: what looks like
 * another end counts only where the form is not whole with their own ones, since a value may quote it.
 */
export function functionTagAt(marked: MarkedText, start: number): Found | undefined {
  const head = matchAt(opening, marked.text, start)
  const name = head?.[1]
  if (head === undefined || name === undefined) return undefined
  const begin = head.end
  const read = valuesFrom(marked, begin, name, ownEndOf) ?? valuesFrom(marked, begin, name, firstEndOf)
  if (read === undefined) return undefined
  return marked.offered.has(name) ? { calls: [{ name, arguments: JSON.stringify(read.args) }], end: read.end } : { end: read.end }
}

export const opensFunctionTag = (text: string, at: number): boolean => matchAt(opening, text, at) !== undefined

interface EndOfValue {
  readonly index: number
  readonly after: number
}
type FindEnd = (marked: MarkedText, from: number, known: ReadonlySet<string>) => EndOfValue | undefined

function ownEndOf({ next }: MarkedText, from: number): EndOfValue | undefined {
  const index = next(ownEnd, from)
  return index < 0 ? undefined : { index, after: index + ownEnd.length }
}

function firstEndOf(marked: MarkedText, from: number, known: ReadonlySet<string>): EndOfValue | undefined {
  const own = ownEndOf(marked, from)
  for (let at = from; ; ) {
    const found = matchAt(otherEnd, marked.text, at)
    marked.meter.steps += (found?.index ?? marked.text.length) - at
    if (found === undefined || (own !== undefined && own.index < found.index)) return own
    if (found[1] === undefined || known.has(found[1])) return { index: found.index, after: found.index }
    if (marked.meter.steps > marked.meter.limit) return undefined
    at = found.end
  }
}

function valuesFrom(marked: MarkedText, start: number, name: string, endOf: FindEnd): { readonly args: Readonly<Record<string, unknown>>; readonly end: number } | undefined {
  const { text, tools, meter } = marked
  const [asText, known] = [textParameters(tools, name), parametersOf(tools, name)]
  const args: [string, unknown][] = []
  let at = start
  while (!text.startsWith(closing, at)) {
    const opened = matchAt(parameter, text, at)
    const key = opened?.[1]
    if (opened === undefined || key === undefined || meter.steps > meter.limit) return undefined
    const begin = opened.end
    const end = endOf(marked, begin, known)
    if (end === undefined) return undefined
    const written = text.slice(begin, end.index).replace(/^\n|\n$/g, '')
    args.push([key, asText.has(key) ? written : jsonOrText(written)])
    const further = afterBlanks(text, end.after)
    meter.steps += further - at
    at = further
  }
  return { args: Object.fromEntries(args), end: at + closing.length }
}
