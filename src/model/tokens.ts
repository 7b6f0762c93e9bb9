import { createRequire } from 'node:module'
import { LRUCache } from 'lru-cache'
import { jsonObject } from '../protocol/json.ts'
import { tokenCounterOf, type Vocabulary } from './byte-pairs.ts'
import { fieldOnRequest } from './field-on-request.ts'
import type { ChatMessage, ModelReply, ModelRequest, ModelTool } from './model.ts'

/*
 * Counts here are estimates: the o200k_base vocabulary stands in for the endpoint's own, and each provider wraps messages and tools in a
 * template of its own. The runtime calibrates the counts by what the provider reports. So they need only be proportional to the truth, and
 * always the same for the same text.
 */

/** Characters above which a count is worth remembering. */
const cachedFrom = 64
const cache = new LRUCache<string, number>({ max: 8_192, maxSize: 4_000_000, sizeCalculation: (_, text) => text.length })

// The time grows with the square of the length of a run that the vocabulary's pattern does not split. Longer runs are counted in pieces, which
// adds about one token for each piece.
const longRun = /\S{65,}|\s{65,}|[^\s\u{0}-\u{7f}]{17,}/gu
const asciiPiece = /[^]{1,64}/gu
const otherPiece = /[^]{1,16}/gu
const notAscii = /[^\u{0}-\u{7f}]/u

let counter: ((text: string) => number) | undefined

/** Loads the vocabulary, which takes a tenth of a second once in a process. A worker does so while it starts, so that no turn waits for it. */
export function loadTokenCounter(): void {
  counter ??= tokenCounterOf(readVocabulary())
}

/** Its texts, two megabytes, are read once: the table has all of them, and Node would keep them for as long as the process lives. */
function readVocabulary(): Vocabulary {
  const require = createRequire(import.meta.url)
  const file = require.resolve('js-tiktoken/ranks/o200k_base')
  const vocabulary = require(file) as Vocabulary
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- Node has no other way to let a module go
  delete require.cache[file]
  return vocabulary
}

/** Tokens of a text, estimated. */
export function countTokens(text: string): number {
  if (text.length < cachedFrom) return countUncached(text)
  const known = cache.get(text)
  if (known !== undefined) return known
  const tokens = countUncached(text)
  cache.set(text, tokens)
  return tokens
}

/** The tokens of a message in a prompt: its text, its calls, and the template around them. */
export function countMessageTokens(message: ChatMessage): number {
  const template = 4
  const perCall = 6
  const content = template + countTokens(message.content)
  if (message.role !== 'assistant') return content
  const calls = message.toolCalls.reduce((sum, call) => sum + perCall + countTokens(call.name) + countTokens(call.arguments) + givenTokens(call.given), content)
  return calls + givenTokens(message.given?.message)
}

/** Characters of a token in what an endpoint wants back. Signatures are no words of any vocabulary, so they are not encoded to be counted. */
const charactersPerGivenToken = 4

/** Of what goes back by itself; for the rest the calibration makes up. */
function givenTokens(json: string | undefined): number {
  if (json === undefined) return 0
  const fields = Object.entries(jsonObject(json) ?? {}).filter(([name]) => name !== fieldOnRequest)
  return fields.length === 0 ? 0 : Math.ceil(JSON.stringify(Object.fromEntries(fields)).length / charactersPerGivenToken)
}

/** The tokens of the tools' declarations in a prompt. Providers render the schemas in their own ways; JSON is near enough. */
export function countToolsTokens(tools: readonly ModelTool[]): number {
  const perTool = 8
  return tools.reduce((sum, tool) => sum + perTool + countTokens(JSON.stringify([tool.name, tool.description, tool.parameters])), 0)
}

/** The tokens of a prompt: its messages, and the declarations of its tools. */
export function countRequestTokens({ messages, tools }: Pick<ModelRequest, 'messages' | 'tools'>): number {
  return messages.reduce((sum, message) => sum + countMessageTokens(message), countToolsTokens(tools))
}

/** The tokens of an answer: its text and its calls. */
export function countReplyTokens({ text, toolCalls }: Pick<ModelReply, 'text' | 'toolCalls'>): number {
  return toolCalls.reduce((sum, call) => sum + countTokens(call.name) + countTokens(call.arguments), countTokens(text))
}

function countUncached(text: string): number {
  let tokens = 0
  let from = 0
  for (const run of text.matchAll(longRun)) {
    tokens += encodedLength(text.slice(from, run.index))
    for (const [piece] of run[0].matchAll(notAscii.test(run[0]) ? otherPiece : asciiPiece)) tokens += encodedLength(piece)
    from = run.index + run[0].length
  }
  return tokens + encodedLength(text.slice(from))
}

function encodedLength(text: string): number {
  if (text === '') return 0
  loadTokenCounter()
  return counter?.(text) ?? 0
}
