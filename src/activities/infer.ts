import { createHash } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/activity'
import type { ModelReply, ModelRequest } from '../model/model.ts'
import { ModelError } from '../model/model-error.ts'
import { countTokens, countToolsTokens } from '../model/tokens.ts'
import type { AgentActivities, InferenceInput } from '../protocol/activities.ts'
import type { CallRef, InferenceResult } from '../protocol/inference.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'
import type { StepUsage, StoredMessage, ToolCall } from '../protocol/messages.ts'
import { hasEnded, type TurnOutcome } from '../protocol/turn.ts'
import { beginningOf } from '../protocol/well-formed.ts'
import type { BlockReading } from '../stores/core-memory.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MemoryStore } from '../stores/stores.ts'
import { agentTools, type AgentTools } from '../tools/agent-tools.ts'
import { argumentsOfCall } from '../tools/arguments-of-call.ts'
import { nameOfCall } from '../tools/name-of-call.ts'
import { parseCall } from '../tools/parse-call.ts'
import { policyDefaults, type Tool } from '../tools/tool.ts'
import { boundedReply, endedBy } from './bounded-reply.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { heartbeating } from './heartbeating.ts'
import { cachedAgent } from './message-cache.ts'
import { frameKeeper, type KeepFrame } from './kept-frames.ts'
import { calibrationOf, learnedFrom } from './learned.ts'
import { attemptOf, type InferenceAttempt } from './live/attempt-of.ts'
import type { MadeSteps } from './made-steps.ts'
import { modelFailure } from './model-failure.ts'
import { untilStored } from './until-stored.ts'
import { assertPriced, paid } from './pay.ts'
import { buildPrompt, type Prompt } from '../prompt/build-prompt.ts'
import { frameOf } from '../prompt/frame.ts'
import { promptRecord } from '../prompt/prompt-record.ts'
import { tokensOfMessage } from '../prompt/message-tokens.ts'
import type { MessageParts } from '../prompt/render-prompt.ts'
import { requestOf } from '../prompt/request.ts'
import type { PromptRecord } from '../protocol/prompt.ts'
import { readRecord } from './record.ts'
import { heldByStep, otherTurnOf, recordingOf, type Recording } from './recording.ts'
import { askWithin, replyRoom } from './reply-room.ts'
import { seenAgents, type SeenAgents } from './seen-agents.ts'
import { agentAt, agentOfStep, storedAgent, withinWindow, withToolsOfEvent } from './stored-agent.ts'

/**
 * One inference: builds the prompt from the stores by the workflow's ids, calls the model while what is new is recorded, stores its
 * message under the step's operation id. An attempt that finds the message there returns it and does not pay again. What lies
 * between the provider's answer and the insert is the one gap: a crash there pays for a second call, and nothing else.
 */
export function createInfer(dependencies: ActivityDependencies, madeSteps: MadeSteps): AgentActivities['infer'] {
  const keepFrame = frameKeeper(dependencies.stores.memory)
  const seenBefore = seenAgents(dependencies)
  return (input) => heartbeating(dependencies, ({ ending: signal }) => infer(dependencies, { input, keepFrame, madeSteps, seenBefore, signal }))
}

interface Inferring {
  readonly input: InferenceInput
  readonly keepFrame: KeepFrame
  readonly madeSteps: MadeSteps
  readonly seenBefore: SeenAgents
  readonly signal: AbortSignal
}

async function infer(dependencies: ActivityDependencies, inferring: Inferring): Promise<InferenceResult> {
  const { stores, faultPoint } = dependencies
  const { memory } = stores
  const { input, signal } = inferring
  // All that follows from the input alone is read at once, since every request takes time.
  const contextFor = inferring.seenBefore.contextFor(input)
  const [latest, held, turn, toRecord] = await Promise.all([
    storedAgent(stores, input.agentId),
    heldByStep(memory, input),
    memory.turns.get(input.agentId, input.turn),
    Promise.all(input.record.map((pending) => readRecord(memory, input.agentId, pending))),
  ])
  const earlier = held.find(({ op }) => op === input.op)
  const seen = earlier?.context === undefined ? await agentAt(stores, assertInForce(latest, input), input.definition) : await agentOfStep(stores, latest, earlier)
  const inTurn = await withToolsOfEvent(memory, seen, input)
  const agent = withinWindow(inTurn, input.window)
  const place = { ...input, contextWindow: agent.definition.contextWindow }
  const recording = await recordingOf(memory, { place, toRecord, held, byItself: () => faultPoint('news-recorded') })
  const attempt = attemptOf(input, turn)
  // An attempt may have been given up because nothing can be written: that is found before the model is asked, and paid, once more.
  if (attempt.repeated) await recording.finish()
  const answer = await inferAs(dependencies, { ...inferring, own: seen.definition, inTurn, agent, earlier, turn, attempt, recording, contextFor }).catch(async (error: unknown) => {
    // What is new is in recall also where no step comes with it. Of a step that is cancelled `settle` records it. No write of ours comes after its end: the agent may be deleted then.
    await (signal.aborted ? recording.stop() : recording.finish())
    throw error
  })
  // The workflow goes by an answer, though a cancel has come meanwhile: what is new has its place in the queue then.
  await recording.finish()
  return answer
}

interface InferringAs extends Inferring {
  /** The agent's own, as the step sees it. */
  readonly own: AgentDefinition
  /** With the tools that the turn's event has brought. */
  readonly inTurn: StoredAgent
  /** And within the window that its endpoint has. */
  readonly agent: StoredAgent
  /** What the stores have under the step's operation id. */
  readonly earlier: StoredMessage | undefined
  readonly turn: TurnOutcome | undefined
  readonly attempt: InferenceAttempt
  readonly recording: Recording
  readonly contextFor: ReturnType<SeenAgents['contextFor']>
}

async function inferAs(dependencies: ActivityDependencies, inferring: InferringAs): Promise<InferenceResult> {
  const { stores: { memory }, model, faultPoint } = dependencies
  const { input, keepFrame, madeSteps, signal, inTurn, agent, earlier, turn, attempt, recording } = inferring
  const { definition } = agent
  const repeated = otherTurnOf(recording.news)
  if (repeated !== undefined) return duplicateOf(memory, repeated)
  const recorded = (): readonly number[] => recording.news.map(({ tokens }) => tokens)
  if (earlier?.role === 'system') {
    throw new PerdureError('numbers-behind', `step ${input.op} was cancelled, as the stores know, and its workflow does not: it has to read them anew`)
  }
  if (earlier) return resultOf(dependencies, definition, recorded(), earlier)
  // A worker that was still at the turn when its workflow was lost may have ended it, while the new one is in the middle of a step.
  if (hasEnded(turn)) throw new PerdureError('numbers-behind', `turn ${input.turn} has ended, as the stores know, and its workflow does not: it has to read them anew`)

  const context = await inferring.contextFor(agent)
  const own = agentTools(dependencies.tools, definition)
  const tools = own.modelTools(own.names)
  const parts: MessageParts = { ...context, definition, queue: [...context.queue, ...recording.news.map(({ message }) => message)] }
  const prompt = buildPrompt({ ...parts, tools, toolsTokens: model.toolsTokens?.(definition.model, tools) })
  const { maxOutputTokens: most = model.usualOutputTokens } = definition.sampling ?? {}
  const within = { window: definition.contextWindow, promptTokens: prompt.tokens * input.calibration, most }
  const room = replyRoom(within)
  const overflow = () => ({ outcome: 'overflow' as const, recorded: recorded(), sections: prompt.sections, ...broughtTokens(dependencies, { own: inferring.own, prompt }) })
  if (room === undefined) return { ...overflow(), by: 'count' }

  assertPriced(dependencies, definition.model, input)
  recording.begin()
  faultPoint('inference-running')
  const startedAt = performance.now()
  let answered: { readonly request: ModelRequest; readonly reply: ModelReply }
  const live = dependencies.live?.begin(input, { isShown: (name) => runsAtOnce(own, name), mayShow: () => recording.isDone(), ...attempt })
  try {
    answered = await askWithin(room, within, async (maxOutputTokens) => {
      const request = requestOf(definition, { messages: prompt.messages, tools, maxOutputTokens })
      return { request, reply: boundedReply(await model.complete(request, signal, live?.onDelta)) }
    })
  } catch (error) {
    if (ModelError.isInstance(error) && error.kind === 'context-overflow') return { ...overflow(), by: 'provider', ...learnedFrom(error, prompt) }
    throw modelFailure(error, signal)
  } finally {
    live?.end()
  }
  const latencyMs = Math.round(performance.now() - startedAt)
  const { request, reply } = answered
  const frame = frameOf(tools)
  const usage = paid(dependencies, definition.model, reply.usage ?? estimatedUsage(prompt, reply))
  const message = assistantMessage({ input, agent, blocks: parts.blocks, prompt, record: promptRecord({ parts, prompt, frame, request }), reply, usage, latencyMs, names: own.names })
  const counted = { ...message, tokens: tokensOfMessage(message, definition.contextWindow) }
  const outcome = await untilStored(async () => {
    await keepFrame(agent.key, frame)
    return recording.finishWith(counted)
  }, signal)
  if ('handled' in outcome) return duplicateOf(memory, outcome.handled)
  const { step: stored } = outcome
  for (const seen of [...recording.news.map(({ message: of }) => of), stored]) dependencies.cache.put(cachedAgent(agent), seen)
  madeSteps.put({ agent: inTurn, message: stored })
  faultPoint('inference-stored')
  return resultOf(dependencies, definition, recorded(), stored)
}

/** The event's turn was another one. */
async function duplicateOf({ turns, events }: Pick<MemoryStore, 'turns' | 'events'>, { agentId, turn, eventId }: StoredMessage): Promise<InferenceResult> {
  const outcome = await turns.get(agentId, turn)
  // It has had its turn, so nobody is to take it up, whoever has put it there again.
  if (hasEnded(outcome) && eventId !== undefined) await events.withdraw(agentId, eventId)
  return { outcome: 'duplicate', ...(outcome && { earlier: outcome }) }
}

/** Of the tools that the message has brought: what the prompt's tools have beyond those of the agent's own definition. */
function broughtTokens({ model, tools: registry }: ActivityDependencies, { own, prompt: { sections } }: { readonly own: AgentDefinition; readonly prompt: Prompt }): { readonly brought?: number } {
  const tools = agentTools(registry, own)
  const offered = tools.modelTools(tools.names)
  const brought = sections.tools - (model.toolsTokens?.(own.model, offered) ?? countToolsTokens(offered))
  return brought > 0 ? { brought } : {}
}

/** Whoever has changed the definition has told the workflow; one that was reset has to look. */
function assertInForce(agent: StoredAgent, { definition }: InferenceInput): StoredAgent {
  if (definition === undefined || (agent.version ?? 1) <= definition) return agent
  throw new PerdureError('definition-behind', `version ${agent.version ?? 1} of the definition of ${agent.key} is in force, and its workflow knows version ${definition}: it has to read it anew`)
}

function assistantMessage(options: {
  readonly input: InferenceInput
  readonly agent: StoredAgent
  readonly blocks: readonly BlockReading[]
  readonly prompt: Prompt
  readonly record: PromptRecord
  readonly reply: ModelReply
  readonly usage: StepUsage
  readonly latencyMs: number
  /** Of the tools that the agent has. */
  readonly names: readonly string[]
}): StoredMessage {
  const { input, agent, blocks, prompt, record: made, reply, usage, latencyMs, names } = options
  const blockVersions = Object.fromEntries(blocks.map(({ definition, version }) => [definition.label, version]))
  return {
    agentId: input.agentId,
    op: input.op,
    seq: input.seq,
    turn: input.turn,
    step: input.step,
    role: 'assistant',
    text: reply.text,
    calls: withOwnIds(reply.toolCalls.map((call) => ({ ...call, name: nameOfCall(call.name, names), arguments: argumentsOfCall(call.arguments) })), input.op),
    ...(reply.given && { given: reply.given }),
    ...endedBy(reply),
    tokens: 0,
    at: new Date().toISOString(),
    model: agent.definition.model,
    usage,
    latencyMs,
    context: { definition: agent.version ?? 1, cause: input.cause, sections: prompt.sections, blockVersions, countedTokens: prompt.tokens, prompt: made },
  }
}

/** Nobody is to see a reply that a person may yet refuse. */
function runsAtOnce(tools: AgentTools, name: string): boolean {
  const tool = tools.get(name)
  return tool !== undefined && tools.waitOf(tool) === undefined
}

/** Ids that a provider has left out or given twice would part calls from their results. */
function withOwnIds(calls: readonly ToolCall[], op: string): readonly ToolCall[] {
  const unique = new Set(calls.map(({ id }) => id))
  if (unique.size === calls.length && !unique.has('')) return calls
  return calls.map((call, index) => ({ ...call, id: `${op.replaceAll('/', '-')}-${index}` }))
}

function estimatedUsage(prompt: Prompt, reply: ModelReply): StepUsage {
  const completionTokens = reply.toolCalls.reduce((sum, call) => sum + countTokens(call.name + call.arguments), countTokens(reply.text))
  return { promptTokens: prompt.tokens, cachedTokens: 0, completionTokens }
}

function resultOf({ tools, uiText }: ActivityDependencies, definition: AgentDefinition, recorded: readonly number[], message: StoredMessage): InferenceResult {
  const { usage, context, calls = [] } = message
  if (!usage || !context) throw ApplicationFailure.nonRetryable(`message ${message.op} is no step's: it has neither usage nor context`, 'activity-failed')
  const own = agentTools(tools, definition)
  return {
    outcome: 'stored',
    recorded,
    tokens: message.tokens,
    calls: calls.map((call) => callRef(parseCall(call, own, own.names), call, own)),
    digest: shortDigest(calls.map((call) => [call.name, call.arguments])),
    usage,
    sections: context.sections,
    calibration: calibrationOf(usage, context.countedTokens),
    blockVersions: context.blockVersions,
    ...(context.definition !== undefined && { definition: context.definition }),
    ...(message.ended !== undefined && { ended: message.ended }),
    ...(uiText && { preview: previewOf(message) }),
  }
}

/** One line of what the model thought and asked for. */
function previewOf({ text, calls = [] }: StoredMessage): string {
  const asked = calls.map((call) => `${call.name} ${call.arguments}`)
  return beginningOf([text, ...asked].join(' ').trim().replaceAll(/\s+/g, ' '), 200)
}

function callRef(parsed: ReturnType<typeof parseCall>, call: ToolCall, tools: AgentTools): CallRef {
  if (!parsed.ok) return { name: call.name.slice(0, 64), heartbeat: false, wellFormed: false }
  const activity = tools.isClient(call.name) ? undefined : activityOf(parsed.tool)
  const waits = tools.waitOf(parsed.tool)
  return { name: call.name, heartbeat: parsed.heartbeat, wellFormed: true, ...(activity && { activity }), ...(waits && { waits }) }
}

function activityOf({ policy }: Tool): CallRef['activity'] {
  if (policy.placement === 'local') return undefined
  const { timeoutMs, attempts, taskQueue, startWithinMs } = { ...policyDefaults, ...policy }
  return { timeoutMs, attempts, ...(taskQueue !== undefined && { taskQueue }), ...(startWithinMs !== undefined && { startWithinMs }) }
}

/** A short digest for histories. It only tells whether two values are equal. */
export function shortDigest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 10)
}
