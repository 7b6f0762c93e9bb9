import { ModelError } from '../../../model/model-error.ts'
import type { ModelReply, ModelRequest } from '../../../model/model.ts'
import { openAIModel, type OpenAIModelSettings } from '../../../model/openai.ts'
import type { EndpointSettings } from '../../../model/openai/client.ts'
import { withCallsOfText, textTools } from '../../../model/text-tools/text-tools.ts'
import { saysToolsRefused } from '../../../model/tools-refused.ts'

/** Enough for a short thought before two short calls. */
const maxOutputTokens = 300

const tools: ModelRequest['tools'] = [
  { name: 'note', description: 'Keeps a word.', parameters: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] } },
]
const requestOf = ({ model, sampling }: Asked, system: string, user: string): ModelRequest => ({
  model,
  ...(sampling && { sampling }),
  messages: [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ],
  tools,
  maxOutputTokens,
})

interface Asked {
  readonly model: string
  readonly sampling?: ModelRequest['sampling']
}

export interface ChatProbe {
  /** The result of asking for two calls at once, by the protocol's tool calls. */
  readonly native: ModelReply | ModelError
  readonly latencyMs: number
  /** The calls that stood in the text of the native reply: the endpoint left them there. */
  readonly leftInText: number
  /** Settings of sampling that the endpoint refuses for the model, by their names in the protocol. */
  readonly leftOut: readonly string[]
  /** The result of the same request as text. Only if no native calls came. */
  readonly text?: ModelReply | ModelError
  /** The result of a question that needs no call, with a call required. Only if native calls came. */
  readonly required?: ModelReply | ModelError
}

/** At most two small requests. Never throws for what the endpoint does. */
export async function probeChat(settings: EndpointSettings & Asked, signal: AbortSignal): Promise<ChatProbe> {
  const both = requestOf(settings, 'You act by calling the tool note.', 'Call note with the word red, and, in the same answer, note with the word blue.')
  let leftOut: readonly string[] = []
  const onLearned: OpenAIModelSettings['onLearned'] = (dialect) => (leftOut = dialect.leftOut)
  const startedAt = performance.now()
  const native = await outcome(openAIModel({ ...settings, toolChoice: 'auto', onLearned }).complete(both, signal), signal)
  const latencyMs = Math.round(performance.now() - startedAt)
  const leftInText = isReply(native) ? withCallsOfText(native, both, { unknownTools: false }).toolCalls.length - native.toolCalls.length : 0
  if (isReply(native) && native.toolCalls.length > 0) {
    const plain = requestOf(settings, 'You answer questions.', 'Say hello.')
    return { native, latencyMs, leftInText, leftOut, required: await outcome(openAIModel({ ...settings, toolChoice: 'required' }).complete(plain, signal), signal) }
  }
  if (!isReply(native) && !saysToolsRefused(native)) return { native, latencyMs, leftInText, leftOut }
  return { native, latencyMs, leftInText, leftOut, text: await outcome(textTools(openAIModel(settings)).complete(both, signal), signal) }
}

export const isReply = (outcome: ModelReply | ModelError | undefined): outcome is ModelReply => outcome !== undefined && !ModelError.isInstance(outcome)

/** An abort is an answer too: none came in time. */
async function outcome(reply: Promise<ModelReply>, signal: AbortSignal): Promise<ModelReply | ModelError> {
  try {
    return await reply
  } catch (error) {
    if (ModelError.isInstance(error)) return error
    if (signal.aborted) return new ModelError('unreachable', 'no answer in time')
    throw error
  }
}
