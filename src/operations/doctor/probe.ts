import { messageOf } from '../../protocol/errors.ts'
import { ModelError } from '../../model/model-error.ts'
import { probeDimensions } from '../../model/openai.ts'
import { endpointOf, type EndpointSettings } from '../../model/openai/client.ts'
import type { ProbeFinding } from './probe/finding.ts'
import { isNamed, listedModels, type ListedModels } from './probe/listed-models.ts'
import { localWindow } from './probe/local-window.ts'
import { isReply, probeChat, type ChatProbe } from './probe/probe-chat.ts'
import type { ToolFormat } from '../../model/tool-format.ts'
import { saysToolsRefused } from '../../model/tools-refused.ts'

export type { ProbeFinding }

export interface ProbeOptions extends EndpointSettings {
  readonly model: string
  readonly contextWindow: number
  readonly toolChoice: 'auto' | 'required'
  readonly toolFormat: ToolFormat
  readonly embeddingModel: string
  readonly embeddingDimensions: number
  /** Where embeddings have an endpoint of their own. */
  readonly embeddings?: EndpointSettings
}

/**
 * Finds out what a model's endpoint can do, by at most six small requests (two of them answered by the model, 300 tokens at most
 * each). Never throws for what the endpoint does; what it does not answer before `signal` aborts is `unknown` or `missing`.
 */
export async function probeModel(options: ProbeOptions, signal: AbortSignal): Promise<readonly ProbeFinding[]> {
  const endpoint = endpointOf(options)
  const [listed, chat, dimensions] = await Promise.all([
    answered(listedModels(endpoint, options.model, signal)),
    probeChat(options, options.model, signal),
    answered(probeDimensions({ ...(options.embeddings ?? options), model: options.embeddingModel }, signal)),
  ])
  const list = listed instanceof Error ? undefined : listed
  if (!isReply(chat.native) && chat.native.status === undefined && list === undefined) return [unreachable(chat.native.message)]
  const window = list?.contextWindow ?? (list === undefined || list.server === 'other' ? undefined : await answered(localWindow(endpoint, list.server, options.model, signal)))
  return [
    { capability: 'reachable', state: 'ok', found: 'it answers', essential: true },
    ...answering(chat, list, options),
    ...(isReply(chat.native) || saysToolsRefused(chat.native) ? tools(chat, options) : []),
    embeddings(dimensions, options),
    contextWindow(typeof window === 'number' ? window : undefined, options),
  ]
}

const answered = <Answer>(answer: Promise<Answer>): Promise<Answer | Error> => answer.catch((error: unknown) => (error instanceof Error ? error : new Error(messageOf(error))))

const unreachable = (reason: string): ProbeFinding => ({
  capability: 'reachable',
  state: 'missing',
  found: reason,
  advice: 'start it, or correct OPENAI_BASE_URL; a local model that is being loaded may need another try',
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
  const unknown = native.status === 404 || (list !== undefined && list.names.length > 0 && others.length === list.names.length)
  const advice = unknown
    ? `correct PERDURE_MODEL${others.length === 0 ? '' : `; the endpoint has ${others.slice(0, 8).join(', ')}${others.length > 8 ? ' and others' : ''}`}`
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

function embeddings(found: number | Error, { embeddingModel, embeddingDimensions }: ProbeOptions): ProbeFinding {
  const finding = { capability: 'embeddings', essential: true } as const
  if (ModelError.isInstance(found)) {
    return {
      ...finding,
      state: found.retryable ? 'unknown' : 'missing',
      found: `${embeddingModel}: ${found.message}`,
      advice: 'without them archival memory can be neither filled nor searched: correct PERDURE_EMBEDDING_MODEL, or use an endpoint that has it',
    }
  }
  if (found instanceof Error) return { ...finding, state: 'unknown', found: `${embeddingModel}: no answer in time` }
  if (found === embeddingDimensions || (embeddingModel.startsWith('text-embedding-3') && found > embeddingDimensions)) {
    return { ...finding, state: 'ok', found: `${embeddingModel}, ${embeddingDimensions} dimensions` }
  }
  return {
    ...finding,
    state: 'missing',
    found: `${embeddingModel} has ${found} dimensions, and ${embeddingDimensions} are configured`,
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
