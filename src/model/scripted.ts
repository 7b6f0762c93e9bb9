import { countReplyTokens, countRequestTokens } from './tokens.ts'
import { deltasOf } from './deltas.ts'
import type { ChatModel, ModelReply, ModelRequest } from './model.ts'
import type { ScriptedCall, ScriptedOutcome, ScriptedStep } from './scripted-steps.ts'

export interface ScriptedModelOptions {
  /** Answers requests that offer no tools (summaries) without using up a step. Default: they take a step like any other. */
  readonly withoutTools?: ScriptedStep
  /** Answers the requests that come after the last step. Default: an error that names the request. */
  readonly afterwards?: ScriptedStep
  /** The usage that the replies report. Default: counted by `countTokens`, nothing cached. `null`: no report. */
  readonly usage?: ((request: ModelRequest, reply: ModelReply) => ModelReply['usage']) | null
}

export interface ScriptedModel extends ChatModel {
  /** Every request so far, in order, answered or not. */
  readonly requests: readonly ModelRequest[]
  /** Steps that are left. */
  readonly remaining: number
  /** @throws Error when steps were not consumed */
  assertDone(): void
}

/**
 * A model for tests: it answers each request with the next step, whatever the request says, and keeps every request.
 * A step is used up when its request arrives: an inference that is retried takes two steps.
 *
 *     const model = scriptedModel([call('core_memory_append', { label: 'human', content: 'Ada' }, { heartbeat: true }), say('Hello Ada')])
 */
export function scriptedModel(steps: readonly ScriptedStep[], options: ScriptedModelOptions = {}): ScriptedModel {
  const requests: ModelRequest[] = []
  let next = 0

  function stepFor(request: ModelRequest): ScriptedStep {
    if (options.withoutTools !== undefined && request.tools.length === 0) return options.withoutTools
    const step = steps[next] ?? options.afterwards
    if (step === undefined) throw new Error(unexpected(request, steps.length))
    if (next < steps.length) next += 1
    return step
  }

  return {
    requests,
    get remaining() {
      return steps.length - next
    },
    assertDone() {
      if (next < steps.length)
        throw new Error(`the script has ${steps.length} steps and only ${next} were asked for: ${requests.length} requests came`)
    },
    async complete(request, signal, onDelta) {
      signal.throwIfAborted()
      requests.push(structuredClone(request))
      const number = requests.length
      const step = stepFor(request)
      const outcome = typeof step === 'function' ? await step(request) : step
      const reply = await replyOf(outcome, number, signal)
      if (onDelta !== undefined) for (const delta of deltasOf(reply)) onDelta(delta)
      const usage = options.usage === undefined ? counted(request, reply) : options.usage?.(request, reply)
      return usage === undefined ? reply : { ...reply, usage }
    },
  }
}

async function replyOf(outcome: ScriptedOutcome, requestNumber: number, signal: AbortSignal): Promise<ModelReply> {
  if (isCalls(outcome)) return callsReply(outcome, requestNumber)
  switch (outcome.type) {
    case 'call':
      return callsReply([outcome], requestNumber)
    case 'thought':
      return { text: outcome.text, toolCalls: [], finishReason: 'stop' }
    case 'failure':
      throw outcome.error
    case 'hang':
      return aborted(signal)
  }
}

function callsReply(calls: readonly ScriptedCall[], requestNumber: number): ModelReply {
  return {
    text: '',
    toolCalls: calls.map((call, index) => ({ id: `call_${requestNumber}_${index + 1}`, name: call.name, arguments: call.arguments })),
    finishReason: 'tool-calls',
  }
}

function counted(request: ModelRequest, reply: ModelReply): NonNullable<ModelReply['usage']> {
  return { promptTokens: countRequestTokens(request), cachedTokens: 0, completionTokens: countReplyTokens(reply) }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason as Error)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

const isCalls = (outcome: ScriptedOutcome): outcome is readonly ScriptedCall[] => Array.isArray(outcome)

function unexpected(request: ModelRequest, steps: number): string {
  const last = request.messages.at(-1)
  const seen =
    last === undefined ? 'a request without messages' : `a request whose last message is (${last.role}) ${JSON.stringify(last.content.slice(0, 300))}`
  return `the script's ${steps} steps are used up, and there came ${seen}`
}
