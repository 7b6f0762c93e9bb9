import { messageOf } from '../../protocol/errors.ts'
import { checkAddress } from '../../model/classify.ts'
import { ModelError } from '../../model/model-error.ts'
import { probeDimensions, probeEmbeddingLimits, type EmbedderSettings, type EmbeddingLimits } from '../../model/openai.ts'
import { endpointOf, type EndpointSettings } from '../../model/openai/client.ts'
import { withinTime } from '../../model/within-time.ts'
import type { ProbeFinding } from './probe/finding.ts'
import { isNamed, likeFirst, listedModels, type ListedModels } from './probe/listed-models.ts'
import { localWindow } from './probe/local-window.ts'
import { otherAddress } from './probe/other-address.ts'
import { isReply, probeChat, type ChatProbe } from './probe/probe-chat.ts'
import type { ToolFormat } from '../../model/tool-format.ts'
import type { Sampling } from '../../protocol/sampling.ts'
import { saysToolsRefused } from '../../model/tools-refused.ts'

export type { ProbeFinding }

export interface ProbeOptions extends EndpointSettings {
  readonly model: string
  readonly contextWindow: number
  readonly toolChoice: 'auto' | 'required'
  readonly toolFormat: ToolFormat
  /** As it is configured. Absent: not at all. */
  readonly sampling?: Sampling
  /** The embedding model, and its endpoint. */
  readonly embeddings: EmbedderSettings & { readonly dimensions: number }
}

/**
 * Finds out what a model's endpoint can do, by a few small requests (two of them answered by the model, 300 tokens at most
 * each; two for embeddings, one of many texts and one of a long one). Never throws for what the endpoint does; what it does not answer before `signal` aborts is `unknown` or `missing`.
 */
export async function probeModel(options: ProbeOptions, signal: AbortSignal): Promise<readonly ProbeFinding[]> {
  const endpoint = endpointOf(options)
  // A list needs no model: where not even that comes, nobody waits for an answer.
  const [soon, silent] = [AbortSignal.timeout(listMs), new AbortController()]
  const listing = answered(listedModels(endpoint, options.model, AbortSignal.any([signal, soon]))).then((list) => {
    if (soon.aborted) silent.abort()
    return list
  })
  const [listed, chat, dimensions] = await Promise.all([
    listing,
    probeChat(options, AbortSignal.any([signal, silent.signal])),
    answered(withinTime(embeddingMs, signal, (within) => probeDimensions(options.embeddings, within))),
  ])
  const limits = typeof dimensions === 'number' ? await answered(withinTime(embeddingMs, signal, (within) => probeEmbeddingLimits(options.embeddings, within))) : undefined
  const list = listed instanceof Error ? undefined : listed
  if (!isReply(chat.native) && list === undefined) {
    if (isElsewhere(chat.native)) return [await elsewhere(chat.native.message, options, signal), ...(options.embeddings.baseURL === options.baseURL ? [] : [embeddings(dimensions, options), ...embeddingLimits(limits)])]
    if (chat.native.status === undefined) return [unreachable(chat.native.message)]
  }
  const window = list?.contextWindow ?? (list === undefined || list.server === 'other' ? undefined : await answered(localWindow(endpoint, list.server, options.model, signal)))
  return [
    { capability: 'reachable', state: 'ok', found: 'it answers', essential: true },
    ...answering(chat, list, options),
    ...(isReply(chat.native) || saysToolsRefused(chat.native) ? tools(chat, options) : []),
    ...sampled(chat, options),
    embeddings(dimensions, options),
    ...embeddingLimits(limits),
    contextWindow(typeof window === 'number' ? window : undefined, options),
  ]
}

/** Milliseconds for the list of models, and for each of two requests for embeddings. */
const listMs = 7_500
const embeddingMs = 30_000

const answered = <Answer>(answer: Promise<Answer>): Promise<Answer | Error> => answer.catch((error: unknown) => (error instanceof Error ? error : new Error(messageOf(error))))

/** Nothing of the protocol is at its address: not even a list of models has come. */
const isElsewhere = ({ kind, status }: ModelError): boolean => kind === 'wrong-address' || (kind === 'server-error' && status === undefined)

async function elsewhere(found: string, options: ProbeOptions, signal: AbortSignal): Promise<ProbeFinding> {
  const { baseURL } = options
  const other = baseURL === undefined ? undefined : await otherAddress({ ...options, baseURL }, signal)
  const advice = other === undefined ? 'correct OPENAI_BASE_URL: it is what stands before /chat/completions, and most end in /v1' : `set OPENAI_BASE_URL to ${other}, where models are listed`
  return { capability: 'reachable', state: 'missing', found, advice, essential: true }
}

const unreachable = (reason: string): ProbeFinding => ({
  capability: 'reachable',
  state: 'missing',
  found: reason,
  // Of a certificate, a proxy or a server without TLS the reason itself says what to do.
  advice: reason.includes(checkAddress) || !reason.includes('no connection') ? 'start it, or correct OPENAI_BASE_URL; a local model that is being loaded may need another try' : 'do as it says, and look again',
  essential: true,
})

/** Key and model, and how long an answer takes. */
function answering(chat: ChatProbe, list: ListedModels | undefined, { model }: ProbeOptions): ProbeFinding[] {
  const { native, latencyMs, text } = chat
  const key = (state: ProbeFinding['state'], found: string, advice?: string): ProbeFinding => ({ capability: 'key', state, found, essential: true, ...(advice && { advice }) })
  if (isReply(native) || isReply(text)) {
    return [
      key('ok', 'accepted'),
      { capability: 'model', state: 'ok', found: `${model} answers`, essential: true },
      { capability: 'latency', state: 'ok', found: `${latencyMs} ms for a short answer`, essential: false },
    ]
  }
  if (native.kind === 'refused') return [key('missing', native.message, 'correct OPENAI_API_KEY, or see to the credit')]
  const others = list?.names.filter((name) => !isNamed(name, model)) ?? []
  const refused = native.status !== undefined && !native.retryable
  const choices = others.length === 0 ? '' : `; the endpoint has ${likeFirst(others, model).slice(0, 8).join(', ')}${others.length > 8 ? ' and others' : ''}`
  const unknown = native.status === 404 || (refused && list !== undefined && list.names.length > 0 && others.length === list.names.length)
  const advice = unknown
    ? `correct PERDURE_MODEL${native.kind === 'wrong-address' ? ', or take an endpoint that has chat completions' : ''}${choices}`
    : native.retryable
      ? 'try again; a local model that is being loaded takes its time'
      : 'see what the endpoint says'
  return [{ capability: 'model', state: native.retryable && !unknown ? 'unknown' : 'missing', found: native.message, advice, essential: true }]
}

function tools(chat: ChatProbe, { toolFormat, toolChoice }: ProbeOptions): ProbeFinding[] {
  const { native, text, required, leftInText } = chat
  const usage = isReply(native) ? native.usage : isReply(text) ? text.usage : undefined
  const reported: ProbeFinding = usage === undefined
    ? { capability: 'usage', state: 'missing', found: 'not reported: tokens are counted here, by another vocabulary', essential: false }
    : { capability: 'usage', state: 'ok', found: 'reported', essential: false }
  if (!isReply(native) || native.toolCalls.length === 0) return [withoutNative(chat, toolFormat, leftInText), reported]
  const calls = native.toolCalls.length
  const forced = isReply(required) ? required.toolCalls.length > 0 : undefined
  return [
    { capability: 'tool calls', state: 'ok', found: toolFormat === 'text' ? 'native, and not used, as PERDURE_TOOL_FORMAT is text' : 'native', essential: true },
    calls > 1
      ? { capability: 'parallel calls', state: 'ok', found: 'several in one answer', essential: false }
      : { capability: 'parallel calls', state: 'unknown', found: 'one came where two were asked for: steps may be more', essential: false },
    forced === true
      ? { capability: 'required tool choice', state: 'ok', found: 'known', essential: false }
      : {
          capability: 'required tool choice',
          state: forced === false ? 'missing' : 'unknown',
          found: forced === false ? 'a call that was required did not come' : 'not answered',
          ...(toolChoice === 'required' && { advice: 'set PERDURE_TOOL_CHOICE to auto' }),
          essential: toolChoice === 'required' && forced === false,
        },
    reported,
  ]
}

function withoutNative({ native, text }: ChatProbe, toolFormat: ToolFormat, leftInText: number): ProbeFinding {
  const refused = !isReply(native)
  const works = isReply(text) && text.toolCalls.length > 0
  const finding = { capability: 'tool calls', essential: true } as const
  if (leftInText > 0) return { ...finding, state: 'ok', found: 'left in the text by the endpoint, and read there', essential: false }
  if (toolFormat === 'native' && refused) return { ...finding, state: 'missing', found: native.message, advice: 'set PERDURE_TOOL_FORMAT to auto, or take another model' }
  if (works && (refused || toolFormat === 'text')) return { ...finding, state: 'ok', found: `${refused ? 'refused; ' : ''}the model writes them as text` }
  if (works) {
    return { ...finding, state: 'missing', found: 'none came, though the endpoint does not refuse them; as text they come', advice: 'set PERDURE_TOOL_FORMAT to text' }
  }
  return { ...finding, state: 'unknown', found: 'none came of a first try, neither native nor as text', advice: 'try again; if it stays so, take a model that is made for tool calls' }
}

/** What of the configured settings the model takes. */
function sampled({ native, leftOut }: ChatProbe, { sampling = {} }: ProbeOptions): ProbeFinding[] {
  const { extra = {}, ...settings } = sampling
  // The probe asks for short answers, whatever the limit is.
  const names = [...Object.keys(settings).filter((name) => name !== 'maxOutputTokens'), ...Object.keys(extra)]
  if (names.length === 0 || !isReply(native)) return []
  const finding = { capability: 'sampling', essential: false } as const
  if (leftOut.length === 0) return [{ ...finding, state: 'ok', found: `${names.join(', ')}: taken` }]
  return [{ ...finding, state: 'missing', found: `the model does not take ${leftOut.join(', ')}: left out`, advice: 'remove the setting, or take a model that has it' }]
}

function embeddingLimits(limits: EmbeddingLimits | Error | undefined): ProbeFinding[] {
  if (limits === undefined) return []
  const finding = { capability: 'embedding limits', essential: false } as const
  if (limits instanceof Error) return [{ ...finding, state: 'unknown', found: ModelError.isInstance(limits) ? `not found out: ${limits.message}` : 'not found out: no answer in time' }]
  const many = `${limits.texts} texts at once`
  if (limits.bytes === Infinity) return [{ ...finding, state: 'ok', found: `${many}, of any length that a passage has` }]
  const found = `${many}; of a long passage the first ${limits.bytes.toLocaleString('en-US')} bytes, each a Latin letter: what is behind them is found by its words only`
  return [{ ...finding, state: 'missing', found, advice: 'give the embedding model a larger window or batch (llama.cpp: --ubatch-size), or take another one' }]
}

function embeddings(found: number | Error, { embeddings: { model, dimensions } }: ProbeOptions): ProbeFinding {
  const finding = { capability: 'embeddings', essential: true } as const
  if (ModelError.isInstance(found)) {
    return {
      ...finding,
      state: found.retryable ? 'unknown' : 'missing',
      found: `${model}: ${found.message}`,
      advice: `without them archival memory can be neither filled nor searched: ${found.kind === 'wrong-address' ? 'set PERDURE_EMBEDDING_BASE_URL to an endpoint that has embeddings' : 'correct PERDURE_EMBEDDING_MODEL, or use an endpoint that has it'}`,
    }
  }
  if (found instanceof Error) return { ...finding, state: 'unknown', found: `${model}: no answer in time` }
  if (found === dimensions || (model.startsWith('text-embedding-3') && found > dimensions)) {
    return { ...finding, state: 'ok', found: `${model}, ${dimensions} dimensions` }
  }
  return {
    ...finding,
    state: 'missing',
    found: `${model} has ${found} dimensions, and ${dimensions} are configured`,
    advice: `set PERDURE_EMBEDDING_DIMENSIONS to ${found}`,
  }
}

function contextWindow(found: number | undefined, { contextWindow: configured }: ProbeOptions): ProbeFinding {
  const finding = { capability: 'context window', essential: false } as const
  if (found === undefined) return { ...finding, state: 'unknown', found: `not told; ${configured} tokens are configured` }
  if (found >= configured) return { ...finding, state: 'ok', found: `${found} tokens, of which ${configured} are used` }
  return {
    ...finding,
    state: 'missing',
    found: `${found} tokens, and ${configured} are configured`,
    advice: `set PERDURE_CONTEXT_WINDOW to ${found} or less, or give the model a larger window; agents keep the one that they were made with`,
  }
}
