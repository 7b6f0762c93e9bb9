import type { ModelTool } from '../model.ts'
import { argumentsOf, callsIn, type TextCall } from './call-in-json.ts'
import { functionTagAt } from './function-tag.ts'
import { jsonAt, type JsonNode, type Meter } from './lenient-json.ts'
import { withPlainCalls } from './marked-calls.ts'
import { textParameters } from './text-parameters.ts'

export interface CallsInText {
  readonly calls: readonly TextCall[]
  /** The rest of the text. */
  readonly text: string
  /** How many characters were read, also repeatedly: the measure of the work. */
  readonly steps: number
}

/** Text around a call that has no meaning of its own: fences, tags, the tokens of chat templates, separators. */
const around = '(?:\\s|[,;]|```\\w{0,20}|</?\\|?/?(?:\\w{1,12}:)?(?:tool_calls?|function_calls?|function|tools?|python_tag|im_end|eot_id|eom_id)\\|?>|\\[/?TOOL_CALLS\\]|</s>)'
const onlyAround = new RegExp(`^${around}*$`, 'i')
const endsAround = new RegExp(`${around}*$`, 'i')
const beginsAround = new RegExp(`^${around}*`, 'i')
const restOfLine = new RegExp(`^(?:(?!\\n)${around})*(?:\\n|$|[{[<])`, 'i')
/** `<function=search>{…}</function>` (Llama), `[TOOL_CALLS]search[ARGS]{…}` (Mistral): the name stands before the arguments. */
const nameBefore = /(?:<function=([\w.-]{1,64})>?|\[TOOL_CALLS\]\s{0,4}([\w.-]{1,64})(?:\[ARGS\])?|^\s{0,4}([\w.-]{1,64})\[ARGS\])\s{0,4}$/
const brokenCall = /\{\s{0,20}["'](?:name|tool|tool_name|function)["']\s{0,4}:\s{0,4}["']([\w.-]{1,64})["']/y
/** As far as its arguments. */
const callHead = /\{\s{0,20}["'](?:name|tool|tool_name|function)["']\s{0,4}:\s{0,4}["']([\w.-]{1,64})["']\s{0,4},\s{0,20}["'](?:arguments|parameters)["']\s{0,4}:\s{0,4}(?=\{)/y
/** Small models miscount the braces at the end. */
const surplus = /^[ \t]{0,4}[}\]]{1,2}/
const inventedResult = /(?:^|\n)[ \t]{0,8}<tool_result\b/
/** How many characters before and after a call are looked at. */
const near = 120
const workPerCharacter = 4

/**
 * The calls in a model's text, in order. A call is JSON on lines of its own, or in a fence or tag of its own; JSON within a sentence is
 * part of the sentence. Where there is none, calls in a model's own marks are looked for. Text after a result that the model made up is not read. Takes
 * time linear in the text's length; never throws.
 */
export function readCalls(whole: string, tools: readonly ModelTool[], options: { readonly unknownTools: boolean }): CallsInText {
  const made = inventedResult.exec(whole)
  const text = made === null ? whole : whole.slice(0, made.index)
  const found = readPlain(text, tools, options)
  if (found.calls.length > 0) return found
  const plain = withPlainCalls(text, tools)
  const marked = plain === text ? found : readPlain(plain, tools, options)
  return marked.calls.length > 0 ? { ...marked, steps: found.steps + marked.steps } : found
}

function readPlain(text: string, tools: readonly ModelTool[], options: { readonly unknownTools: boolean }): CallsInText {
  const meter: Meter = { steps: 0, limit: workPerCharacter * text.length + 10_000 }
  const reading = { text, tools: new Set(tools.map(({ name }) => name)), unknownTools: options.unknownTools }
  const calls: TextCall[] = []
  const kept: string[] = []
  let from = 0
  const take = (start: number, end: number, found: readonly TextCall[]): number => {
    calls.push(...found)
    kept.push(withoutEnd(text, from, start))
    from = end + (beginsAround.exec(text.slice(end, end + near))?.[0].length ?? 0)
    return from
  }

  let at = nextSign(text, 0)
  while (at < text.length && meter.steps <= meter.limit) {
    const before = lineBefore(text, from, at)
    const named = before === undefined || text[at] !== '{' ? undefined : nameBefore.exec(before)
    const name = named?.[1] ?? named?.[2] ?? named?.[3]
    const stands = before !== undefined && (name !== undefined || onlyAround.test(before))
    // JSON that does not stand alone is passed over as a whole, so that no part of it is taken for a call.
    const found = stands ? callAt(text, at, name, { tools, reading, meter }) : passed(jsonAt(text, at, meter))
    if (found === undefined) at = nextSign(text, at + 1)
    else if (found.call === undefined) at = nextSign(text, found.end)
    else at = nextSign(text, take(at - (named?.[0].length ?? 0), found.end, found.call))
  }
  kept.push(text.slice(from))
  return { calls, text: kept.map((part) => part.trim()).filter((part) => part !== '').join('\n\n'), steps: meter.steps + text.length }
}

const passed = (node: JsonNode | undefined): { readonly end: number; readonly call?: undefined } | undefined => node && { end: node.end }

interface Reading {
  readonly tools: readonly ModelTool[]
  readonly reading: Parameters<typeof callsIn>[1]
  readonly meter: Meter
}

/** Without `call`: the value there is no call, and is passed over. */
function callAt(text: string, at: number, name: string | undefined, { tools, reading, meter }: Reading): { readonly call?: readonly TextCall[]; readonly end: number } | undefined {
  if (text[at] === '<') {
    const tag = functionTagAt(text, at, meter, (tool) => textParameters(tools, tool))
    return tag && { call: [tag.call], end: tag.end }
  }
  const node = jsonAt(text, at, meter)
  if (node === undefined) {
    const unclosed = unclosedCall(text, at, reading, meter)
    if (unclosed !== undefined) return unclosed
    const broken = name ?? nameOfBroken(text, at)
    // The text began as a call of an offered tool and is no JSON. It becomes a call, whose error tells the model so.
    return reading.unknownTools && broken !== undefined && reading.tools.has(broken)
      ? { call: [{ name: broken, arguments: text.slice(at) }], end: text.length }
      : undefined
  }
  const tooMany = surplus.exec(text.slice(node.end, node.end + near))?.[0].length ?? 0
  const end = [node.end, node.end + tooMany].find((place) => endsLine(text, place))
  if (end === undefined) return { end: node.end }
  const call = name === undefined ? callsIn(node, reading) : namedBefore(name, node, text)
  return call === undefined ? { end: node.end } : { call, end }
}

/** Its arguments are whole; only the brace that closes the call itself is missing. What else may be missing of a call is not guessed. */
function unclosedCall(text: string, at: number, reading: Reading['reading'], meter: Meter): { readonly call: readonly TextCall[]; readonly end: number } | undefined {
  callHead.lastIndex = at
  const name = callHead.exec(text)?.[1]
  if (name === undefined || !reading.tools.has(name)) return undefined
  const given = jsonAt(text, callHead.lastIndex, meter)
  return given === undefined || !endsLine(text, given.end) ? undefined : { call: [{ name, arguments: argumentsOf(given, text) }], end: given.end }
}

const endsLine = (text: string, at: number): boolean => restOfLine.test(text.slice(at, at + near))

const namedBefore = (name: string, node: JsonNode, text: string): readonly TextCall[] | undefined =>
  node.kind === 'object' ? [{ name, arguments: argumentsOf(node, text) }] : undefined

function nameOfBroken(text: string, at: number): string | undefined {
  brokenCall.lastIndex = at
  return brokenCall.exec(text)?.[1]
}

/** The text before a place on its line, or since the last call. Undefined if it is long, and so more than a frame around the call. */
function lineBefore(text: string, from: number, at: number): string | undefined {
  const start = Math.max(from, at - near)
  const before = text.slice(start, at)
  const line = before.lastIndexOf('\n')
  if (line >= 0) return before.slice(line + 1)
  return start === from ? before : undefined
}

/** Up to the frame of the call that follows. */
function withoutEnd(text: string, from: number, end: number): string {
  const tail = Math.max(from, end - near)
  const frame = endsAround.exec(text.slice(tail, end))?.[0].length ?? 0
  return text.slice(from, end - frame)
}

function nextSign(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '{' && text[at] !== '[' && !text.startsWith('<function=', at)) at += 1
  return at
}
