import type { ModelTool } from '../model.ts'
import { argumentsOf, callsIn, type CallReading, type TextCall } from './call-in-json.ts'
import { fencesOf } from './fences.ts'
import { afterFrame, afterTag, endsLine, isOnlyFrames, lineBefore, near, withoutEnd } from './frames.ts'
import { bareHead, headAt } from './heads.ts'
import { jsonAt, type JsonNode, type Meter } from './lenient-json.ts'
import { markedCallsAt, mayBeginMark, opensMarkedCall } from './marked-calls.ts'
import { nextSigns, type Found, type MarkedText } from './marked-text.ts'
import { matchAt } from './match-at.ts'

export interface CallsInText {
  readonly calls: readonly TextCall[]
  /** The rest of the text. */
  readonly text: string
  /** How many characters were read, also repeatedly: the measure of the work. */
  readonly steps: number
}

const brokenCall = /\{\s{0,20}["'](?:name|tool|tool_name|function)["']\s{0,4}:\s{0,4}["']([\w.-]{1,64})["']/y
/** As far as its arguments. */
const callHead = /\{\s{0,20}["'](?:name|tool|tool_name|function)["']\s{0,4}:\s{0,4}["']([\w.-]{1,64})["']\s{0,4},\s{0,20}["'](?:arguments|parameters)["']\s{0,4}:\s{0,4}(?=\{)/y
/** Small models miscount the braces at the end. */
const surplus = /^[ \t]{0,4}[}\]]{1,2}/
const madeUpResult = /^[ \t]{0,8}<tool_result\b/gm
const workPerCharacter = 4

/**
 * The calls in a model's text, in order. A call is JSON on lines of its own, or in a fence or tag of its own, or stands so in a model's own marks. Within a
 * sentence, behind a sign of quotation, and, in marks, within a fence that words introduce, it is part of the text. The text is read once, from its beginning: what a call holds
 * is no other call, and stays as it is. Text after a result that the model made up is not read. Takes time linear in the text's length; never throws.
 */
export function readCalls(text: string, tools: readonly ModelTool[], { unknownTools }: { readonly unknownTools: boolean }): CallsInText {
  const meter: Meter = { steps: 0, limit: workPerCharacter * text.length + 10_000 }
  const offered = new Set(tools.map(({ name }) => name))
  const reading: Reading = { text, tools, offered, meter, next: nextSigns(text, meter), json: { text, tools: offered, unknownTools } }
  const fences = fencesOf(text)
  const calls: TextCall[] = []
  const kept: string[] = []
  let from = 0
  /** No call begins before it: what was passed over ends on that line. */
  let barred = 0
  let at = nextSign(text, 0)
  while (at < text.length && meter.steps <= meter.limit && !isMadeUpResult(text, at)) {
    const before = at < barred ? undefined : lineBefore(text, from, at)
    const bare = before === undefined || text[at] !== '{' ? undefined : bareHead(before)
    const stands = before !== undefined && (bare !== undefined || isOnlyFrames(before))
    const isExample = fences.hasExampleAt(at, from)
    const found = stands ? runAt(reading, at, { bare, isExample }) : wholeAt(reading, at)
    if (found === undefined) {
      at = nextSign(text, at + 1)
      continue
    }
    fences.pass(found.end)
    if (found.calls === undefined) {
      const line = reading.next('\n', found.end)
      barred = line < 0 ? text.length : line
      at = nextSign(text, found.end)
    } else {
      calls.push(...found.calls)
      kept.push(withoutEnd(text, from, at - (bare === undefined ? 0 : (before?.length ?? 0))))
      from = afterFrames(text, found.end)
      at = nextSign(text, from)
    }
  }
  kept.push(text.slice(from, endOfOwnWords(text, from)))
  return { calls, text: kept.map((part) => part.trim()).filter((part) => part !== '').join('\n\n'), steps: meter.steps + text.length }
}

interface Reading extends MarkedText {
  readonly json: CallReading
}

/** What stands alone at a place: JSON, or forms in marks, which may follow each other as far as the line's end. */
function runAt(reading: Reading, start: number, { bare, isExample }: { readonly bare: string | undefined; readonly isExample: boolean }): Found | undefined {
  const first = formAt(reading, start, bare)
  if (first?.calls === undefined) return first
  if (!first.isMarked) return first
  if (isExample) return { end: first.end }
  const calls = [...first.calls]
  let { end } = first
  for (let at = end; ; ) {
    if (at >= reading.text.length || reading.text[at] === '\n') return { calls, end }
    const next = isSign(reading.text, at) ? formAt(reading, at) : undefined
    if (next?.calls !== undefined) {
      calls.push(...next.calls)
      at = end = next.end
      continue
    }
    const after = afterFrame(reading.text, at) ?? afterTag(reading.text, at)
    // It goes on as a sentence.
    if (after === undefined) return { end }
    at = after
  }
}

/** What is whole at a place where no call is one, is passed over. */
function wholeAt(reading: Reading, at: number): Found | undefined {
  if (!mayBeginMark(reading.text, at)) return passed(jsonAt(reading.text, at, reading.meter))
  const head = headAt(reading.text, at)
  return head === undefined ? passed(markedCallsAt(reading, at) ?? jsonAt(reading.text, at, reading.meter)) : passed(jsonAt(reading.text, head.end, reading.meter))
}

const passed = (whole: { readonly end: number } | undefined): Found | undefined => whole && { end: whole.end }

interface Form extends Found {
  readonly isMarked: boolean
}

function formAt(reading: Reading, at: number, bare?: string): Form | undefined {
  if (bare === undefined && !mayBeginMark(reading.text, at)) return unmarked(callAt(reading, at))
  const head = bare === undefined ? headAt(reading.text, at) : { name: bare, end: at, inTokens: false }
  const place = head?.end ?? at
  if (head !== undefined && !head.inTokens && !reading.offered.has(head.name)) return isMarked(passed(jsonAt(reading.text, place, reading.meter)))
  return isMarked(head === undefined ? markedCallsAt(reading, at) : callAt(reading, place, head.name)) ?? unmarked(callAt(reading, at))
}

const isMarked = (found: Found | undefined): Form | undefined => found && { ...found, isMarked: true }
const unmarked = (found: Found | undefined): Form | undefined => found && { ...found, isMarked: false }

/** JSON that is a call, or the arguments of one whose name stands before it. */
function callAt({ text, json, meter }: Reading, at: number, name?: string): Found | undefined {
  const node = jsonAt(text, at, meter)
  if (node === undefined) {
    const unclosed = unclosedCall(text, at, json, meter)
    if (unclosed !== undefined) return unclosed
    const broken = name ?? nameOfBroken(text, at)
    // The text began as a call of an offered tool and is no JSON. It becomes a call, whose error tells the model so.
    if (!json.unknownTools || broken === undefined || !json.tools.has(broken)) return undefined
    const end = endOfOwnWords(text, at)
    return { calls: [{ name: broken, arguments: text.slice(at, end) }], end }
  }
  const tooMany = surplus.exec(text.slice(node.end, node.end + near))?.[0].length ?? 0
  const end = [node.end, node.end + tooMany].find((place) => endsLine(text, place))
  if (end === undefined) return { end: node.end }
  const calls = name === undefined ? callsIn(node, json) : namedBefore(name, node, text)
  return calls === undefined ? { end: node.end } : { calls, end }
}

/** Its arguments are whole; only the brace that closes the call itself is missing. What else may be missing of a call is not guessed. */
function unclosedCall(text: string, at: number, reading: CallReading, meter: Meter): Found | undefined {
  const head = matchAt(callHead, text, at)
  const name = head?.[1]
  if (head === undefined || name === undefined || !reading.tools.has(name)) return undefined
  const given = jsonAt(text, head.end, meter)
  return given === undefined || !endsLine(text, given.end) ? undefined : { calls: [{ name, arguments: argumentsOf(given, text) }], end: given.end }
}

const namedBefore = (name: string, node: JsonNode, text: string): readonly TextCall[] | undefined =>
  node.kind === 'object' ? [{ name, arguments: argumentsOf(node, text) }] : undefined

const nameOfBroken = (text: string, at: number): string | undefined => matchAt(brokenCall, text, at)?.[1]

/** Where the text ends, or a result that the model made up begins. */
const endOfOwnWords = (text: string, from: number): number => matchAt(madeUpResult, text, from)?.index ?? text.length

function isMadeUpResult(text: string, at: number): boolean {
  return text.startsWith('<tool_result', at) && /^[ \t]{0,8}$/.test(lineBefore(text, 0, at) ?? '-') && /\W/.test(text[at + '<tool_result'.length] ?? ' ')
}

/** Behind the frames that follow a call, as far as another one may begin. */
function afterFrames(text: string, from: number): number {
  let at = from
  while (!opensMarkedCall(text, at)) {
    const after = afterFrame(text, at)
    if (after === undefined) break
    at = after
  }
  return at
}

const isSign = (text: string, at: number): boolean => {
  const sign = text.charAt(at)
  return sign === '{' || sign === '[' || ('<>A`'.includes(sign) && (mayBeginMark(text, at) || text.startsWith('<tool_result', at)))
}

function nextSign(text: string, from: number): number {
  let at = from
  while (at < text.length && !isSign(text, at)) at += 1
  return at
}
