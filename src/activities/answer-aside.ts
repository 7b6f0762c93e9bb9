import type { ModelReply } from '../model/model.ts'
import { countRequestTokens, countTokens } from '../model/tokens.ts'
import type { AsideActivities, AsideAnswer, AsideFigures, AsideInput } from '../protocol/aside.ts'
import { overAgentBudget } from '../protocol/budget.ts'
import { addSpending, type Spending } from '../protocol/cost.ts'
import { PerdureError } from '../protocol/errors.ts'
import { jsonObject } from '../protocol/json.ts'
import { asidePrompt } from '../prompt/aside-prompt.ts'
import { requestOf } from '../prompt/request.ts'
import type { AnsweredAside } from '../stores/live.ts'
import { boundedReply, endedBy } from './bounded-reply.ts'
import { contextOf } from './context-of.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { heartbeating } from './heartbeating.ts'
import { modelFailure } from './model-failure.ts'
import { assertPriced, paid } from './pay.ts'
import { askWithin, replyRoom } from './reply-room.ts'
import { agentAt, storedAgent, withinWindow } from './stored-agent.ts'

/** Share of the window that stays free for the answer, where nobody has said how long it may be. */
const answerShare = 0.25
/** And at most, however long it may be: whoever bounds an answer need not know the window. */
const mostAnswerShare = 0.5

/**
 * Answers an aside from the agent's context: the model is asked outside of any turn, and no message, event or step comes of it. What it costs is
 * kept, and held against the agent's budget together with what its turns have cost.
 */
export function createAnswerAside(dependencies: ActivityDependencies): AsideActivities['answerAside'] {
  return (input) => heartbeating(dependencies, ({ ending: signal }) => answerAside(dependencies, input, signal))
}

async function answerAside(dependencies: ActivityDependencies, input: AsideInput, signal: AbortSignal): Promise<AsideFigures> {
  const { stores, model } = dependencies
  const { agentId, id, calibration } = input
  const asked = await stores.live.aside(agentId, id)
  if (asked === undefined) throw new PerdureError('server-unavailable', 'what was asked aside is not there any more: ask again')
  if (asked.answered !== undefined) return kept(dependencies, asked.answered)
  const agent = withinWindow(await agentAt(stores, await storedAgent(stores, agentId), input.definition), input.window)
  const { definition } = agent
  await assertWithinBudget(dependencies, input)
  assertPriced(dependencies, definition.model, input.agentBudget?.costMicros === undefined ? {} : { priced: true })

  const { maxOutputTokens: most = model.usualOutputTokens } = definition.sampling ?? {}
  const wanted = Math.min(asked.maxOutputTokens ?? most ?? Infinity, Math.floor(definition.contextWindow * (asked.maxOutputTokens === undefined ? answerShare : mostAnswerShare)))
  const parts = { ...(await contextOf(dependencies, agent, input)), definition }
  const messages = asidePrompt(parts, asked.messages, Math.floor((definition.contextWindow - wanted) / (calibration * 1.05)))
  const within = { window: definition.contextWindow, promptTokens: countRequestTokens({ messages: messages ?? [], tools: [] }) * calibration, most: wanted }
  const room = replyRoom(within)
  if (messages === undefined || room === undefined) {
    throw new PerdureError('message-too-large', `what is asked aside and the agent's core memory do not fit into its window of ${definition.contextWindow} tokens, with ${wanted} for the answer: ask less, or send less along`)
  }
  const startedAt = performance.now()
  let reply: ModelReply
  try {
    reply = await askWithin(room, within, async (maxOutputTokens) => boundedReply(await model.complete(requestOf(definition, { messages, tools: [], maxOutputTokens }), signal)))
  } catch (error) {
    throw modelFailure(error, signal)
  }
  const latencyMs = Math.round(performance.now() - startedAt)
  const usage = paid(dependencies, definition.model, reply.usage ?? { promptTokens: Math.ceil(within.promptTokens), cachedTokens: 0, completionTokens: countTokens(reply.text) })
  const answer: AsideAnswer = { text: textOf(reply), model: definition.model, usage, ...endedBy(reply) }
  const answered: AnsweredAside = { answer, cost: { agentId, id, at: new Date().toISOString(), model: definition.model, usage, latencyMs } }
  await stores.live.answerAside({ ...asked, answered })
  return kept(dependencies, answered)
}

/** A model that reads of calls in the conversation may answer by one, though it was given no tools: what it says by that is its answer. */
function textOf({ text, toolCalls }: ModelReply): string {
  const said = toolCalls.filter(({ name }) => name === 'send_message').map((call) => jsonObject(call.arguments)?.['message'])
  return [text, ...said].filter((part) => typeof part === 'string' && part.trim() !== '').join('\n\n')
}

/** By whichever attempt: one that finds the answer there does not know whether the one that was paid for it came to keep the cost. */
async function kept({ stores: { memory } }: ActivityDependencies, { cost }: AnsweredAside): Promise<AsideFigures> {
  await memory.asideCosts.insert(cost)
  return { usage: cost.usage }
}

/** Turns know of no asides; asides know of both. */
async function assertWithinBudget({ stores: { memory } }: ActivityDependencies, { agentId, spent, agentBudget }: AsideInput): Promise<void> {
  if (agentBudget === undefined) return
  const all: Spending = { ...spent }
  addSpending(all, await memory.asideCosts.spent(agentId))
  const over = overAgentBudget(all, agentBudget)
  if (over !== undefined) throw new PerdureError('agent-parked', `with its asides ${over}`)
}
