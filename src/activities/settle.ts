import { Context } from '@temporalio/activity'
import type { AgentActivities, SettleInput, SettleResult } from '../protocol/activities.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import { opOf } from '../protocol/ids.ts'
import type { StoredMessage, ToolCall } from '../protocol/messages.ts'
import { hasEnded, type EndedTurn, type TurnOutcome } from '../protocol/turn.ts'
import { editIdOf } from '../protocol/waiting.ts'
import type { ToolOutcome } from '../stores/claims.ts'
import { latestDefinition } from '../stores/write-definition.ts'
import { agentTools } from '../tools/agent-tools.ts'
import { instructionsReplace } from '../tools/instructions-replace.ts'
import { parseCall, type ParsedCall } from '../tools/parse-call.ts'
import { sendMessage } from '../tools/send-message.ts'
import { outcomeByAnswer, withArguments, withEdit } from './answered-call.ts'
import { outcomeUnknown } from './call-tool.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { shortDigest } from './infer.ts'
import type { MadeStep, MadeSteps } from './made-steps.ts'
import { cachedAgent } from './message-cache.ts'
import { tokensOfMessage } from '../prompt/message-tokens.ts'
import { noticeMessage, readRecord, record } from './record.ts'
import { failed, isOurs, runCall } from './run-call.ts'
import { agentOfStep, inForceOf, storedAgent, withToolsOfEvent } from './stored-agent.ts'
import { stepMessage, toolContext } from './step-message.ts'
import { endedTurn, endsWith } from './turn-ending.ts'

/** Attempts after which an error of a short tool that is not ours counts as the tool's, no longer as a store's that is away. */
const shortToolAttempts = 5

const cancelledOutcome: ToolOutcome = { ok: false, text: 'cancelled by the user before it was run' }
const cancelledInTheMiddle: ToolOutcome = {
  ok: false,
  text: 'cancelled by the user while it ran: its effect may or may not have happened. Find out what it has done before you repeat it.',
}
const cancelledAtTheCaller: ToolOutcome = { ok: false, text: 'cancelled by the user before the caller gave its result; whether it was run is not known' }

/**
 * The one writer of results. Runs the step's short tools one after the other, takes the outcomes of the others from the
 * ledger, and records every call's result in the order of the calls: after this, no call is without its one result.
 */
export function createSettle(dependencies: ActivityDependencies, madeSteps: MadeSteps): AgentActivities['settle'] {
  return async (input) => {
    const { memory } = dependencies.stores
    const made = madeSteps.take(input.agentId, input.op)
    const { agent, message, inPlace } = made !== undefined && input.record === undefined ? { ...made, inPlace: undefined } : await readStep(dependencies, input)
    const { definition } = agent
    const calls = message.calls ?? []
    const startedAt = performance.now()
    const turnEnds = endingOf(dependencies, input, calls, () => performance.now() - startedAt)
    const step = { input, definition, message }
    const results: StoredMessage[] = []
    const recorded = (result: StoredMessage): void => {
      dependencies.cache.put(cachedAgent(agent), result)
      results.push(result)
      dependencies.faultPoint('result-recorded')
    }

    const [only] = calls
    // What this call says follows from its arguments alone, so it need not be known whether it was said before: the store knows.
    if (made !== undefined && turnEnds !== undefined && only !== undefined && calls.length === 1 && isSaid(only, input, definition)) {
      const result = await resultOf(dependencies, { ...step, call: only, index: 0 })
      if (await turnEnds.with(result, [])) recorded(result)
    }
    if (results.length < calls.length) {
      const [turn, ...earlier] = await Promise.all([memory.turns.get(input.agentId, input.turn), ...calls.map((_, index) => memory.messages.byOp(input.agentId, opOf.call(input.op, index)))])
      // A worker that was still at the turn when its workflow was lost has ended it. It sends nothing more; each call has its result all the same.
      const asked: SettleInput = hasEnded(turn) ? { ...input, cancelled: true } : input
      for (const [index, call] of calls.entries()) {
        const result = earlier[index] ?? (await resultOf(dependencies, { ...step, input: asked, call, index }))
        const isLast = index === calls.length - 1
        recorded(earlier[index] ?? (isLast && (await turnEnds?.with(result, results)) ? result : await memory.messages.insert(result)))
      }
      await turnEnds?.after(results, turn)
    }
    dependencies.faultPoint('step-settled')
    const ended = turnEnds?.ended()
    if (ended !== undefined) {
      dependencies.live?.turnEnded(input.agentId, input.turn)
      dependencies.faultPoint('turn-recorded')
    }
    const changed = calls.some(({ name }) => name === instructionsReplace.name) ? await inForceOf(memory, await latestDefinition(memory, await storedAgent(dependencies.stores, input.agentId)), undefined) : undefined
    return { ...settled(results), ...(changed !== undefined && { definition: changed }), ...(inPlace && { inPlace }), ...(ended && { ended }) }
  }
}

/** Ends the turn of a step with its last result, where it ends there. */
interface Ending {
  /** Stores the last result and the turn's end with it. False: nothing is stored. */
  with(last: StoredMessage, before: readonly StoredMessage[]): Promise<boolean>
  /** Stores the turn's end where all results were stored before. */
  after(results: readonly StoredMessage[], turn: TurnOutcome | undefined): Promise<void>
  ended(): SettleResult['ended']
}

/** Undefined where the workflow is to decide. So it is where a call may change the definition, by whose settings it decides. */
function endingOf({ stores: { memory } }: ActivityDependencies, input: SettleInput, calls: readonly ToolCall[], elapsed: () => number): Ending | undefined {
  const { ending } = input
  if (ending === undefined || calls.some(({ name }) => name === instructionsReplace.name)) return undefined
  let ended: SettleResult['ended']
  const endNow = (results: readonly StoredMessage[]): EndedTurn | undefined => {
    const said = settled(results)
    return endsWith(input, said) ? endedTurn({ ...input, ending }, said, ending.outcome.figures.latencyMs + Math.round(elapsed())) : undefined
  }
  const endedAs = ({ figures: { latencyMs } }: TurnOutcome): void => void (ended = { latencyMs })
  return {
    with: async (last, before) => {
      const outcome = endNow([...before, last])
      if (outcome === undefined || !(await memory.turns.endWith(last, outcome, ending.counters))) return false
      endedAs(outcome)
      return true
    },
    after: async (results, turn) => {
      const outcome = ended === undefined ? endNow(results) : undefined
      if (outcome === undefined) return
      // The end that stands stays, whoever comes late. It is put once more for its event, which may be pending still.
      const end = hasEnded(turn) ? turn : outcome
      await memory.turns.put(input.agentId, end, ending.counters)
      endedAs(end)
    },
    ended: () => ended,
  }
}

/** A message to the user that is sent as the model asked, without anybody's leave. */
function isSaid({ name }: ToolCall, { answers, cancelled, failures }: SettleInput, { clientTools = [] }: AgentDefinition): boolean {
  return name === sendMessage.name && answers === undefined && cancelled === undefined && failures === undefined && clientTools.every((tool) => tool.name !== name)
}

/** The step as the stores have it; where its inference was cancelled, with what has taken its place. */
async function readStep(dependencies: ActivityDependencies, input: SettleInput): Promise<MadeStep & Pick<SettleResult, 'inPlace'>> {
  const { memory } = dependencies.stores
  const [latest, stored] = await Promise.all([storedAgent(dependencies.stores, input.agentId), memory.messages.byOp(input.agentId, input.op)])
  const seen = stored === undefined ? latest : await agentOfStep(dependencies.stores, latest, stored)
  const agent = await withToolsOfEvent(memory, seen, input)
  const inPlace = input.record && (await standIn(dependencies, agent.definition, input, input.record))
  return { agent, message: stored ?? (await stepMessage(dependencies, input)), ...(inPlace && { inPlace }) }
}

function settled(results: readonly StoredMessage[]): Pick<SettleResult, 'results' | 'replies' | 'digest'> {
  return {
    results: results.map(({ ok, tokens }) => ({ ok: ok !== false, tokens })),
    replies: results.flatMap(({ reply }, index) => (reply === undefined ? [] : [index])),
    digest: shortDigest(results.map(({ text }) => text)),
  }
}

interface CallOfStep {
  readonly input: SettleInput
  readonly definition: AgentDefinition
  readonly message: StoredMessage
  readonly call: ToolCall
  readonly index: number
}

/** Runs the call, or finds its outcome. The result is not stored yet. */
async function resultOf(dependencies: ActivityDependencies, step: CallOfStep): Promise<StoredMessage> {
  const { input, definition, call, index } = step
  const outcome = await outcomeOf(dependencies, step)
  dependencies.faultPoint('short-tool-run')
  const result: StoredMessage = {
    agentId: input.agentId,
    op: opOf.call(input.op, index),
    seq: input.seq + 1 + index,
    turn: input.turn,
    step: input.step,
    role: 'tool',
    callId: call.id,
    toolName: call.name.slice(0, 64),
    ok: outcome.ok,
    text: outcome.text,
    ...(outcome.reply !== undefined && { reply: outcome.reply }),
    tokens: 0,
    at: new Date().toISOString(),
  }
  return { ...result, tokens: tokensOfMessage(result, definition.contextWindow) }
}

async function outcomeOf(dependencies: ActivityDependencies, step: CallOfStep): Promise<ToolOutcome> {
  const { input, definition, call, index } = step
  const { memory } = dependencies.stores
  const tools = agentTools(dependencies.tools, definition)
  const asked = parseCall(call, tools, tools.names)
  if (!asked.ok) return failed(asked.error)
  const answer = input.answers?.[index]
  if (answer === undefined && tools.isClient(call.name)) return tools.waitOf(asked.tool)?.approval === undefined ? cancelledAtTheCaller : cancelledOutcome
  if (answer === undefined) return runOutcome(dependencies, step, asked)

  const op = opOf.call(input.op, index)
  const edit = editIdOf(answer)
  const editBody = edit === undefined ? undefined : await memory.answers.get(input.agentId, op, edit)
  const answered = await outcomeByAnswer({ memory, agentId: input.agentId, op, answer, waits: tools.waitOf(asked.tool) ?? {} })
  if (answered !== undefined) return withEdit(answered, editBody)
  if (tools.isClient(call.name)) return cancelledAtTheCaller
  const edited = edit === undefined ? call : withArguments(call, editBody)
  const parsed = edited && parseCall(edited, tools, tools.names)
  if (!parsed?.ok) return failed(parsed?.error ?? 'the arguments that a person gave are not in the store; it was not run')
  return withEdit(await runOutcome(dependencies, step, parsed), editBody)
}

/** The outcome of a call that runs here: taken from the ledger, or had by running it now. */
async function runOutcome(dependencies: ActivityDependencies, { input, definition, message, index }: CallOfStep, { tool, args }: Extract<ParsedCall, { ok: true }>): Promise<ToolOutcome> {
  if (tool.policy.placement === 'activity') {
    const { claims } = dependencies.stores.memory
    const { agentId } = input
    const op = opOf.call(input.op, index)
    const failure = input.failures?.[index]
    // The ledger is closed with what the model is told: a worker that was stopped before, or in, the call may wake up, run and report.
    const claim = await (failure === undefined ? claims.claim({ agentId, op, owner: 'settle', outcome: cancelledOutcome }) : claims.get(agentId, op))
    if (claim?.outcome !== undefined) return claim.outcome
    if (claim !== undefined && (failure === undefined || !tool.policy.idempotent)) {
      const outcome = input.cancelled ? cancelledInTheMiddle : outcomeUnknown
      return (await claims.setOutcome({ ...claim, outcome })).outcome ?? outcome
    }
    return failed(failure)
  }
  if (input.cancelled) return input.begun ? cancelledInTheMiddle : cancelledOutcome
  const context = toolContext(dependencies, { step: input, call: index, definition, message, signal: Context.current().cancellationSignal })
  try {
    return await runCall(tool, args, context)
  } catch (error) {
    if (isOurs(error) || Context.current().info.attempt >= shortToolAttempts) return failed(error)
    throw error
  }
}

/**
 * The inference was cancelled: whatever it has not recorded is recorded here, and a notice takes the assistant message's
 * place unless that got there first. A late attempt of the inference then finds the place taken.
 */
async function standIn(
  { stores: { memory }, faultPoint }: ActivityDependencies,
  definition: AgentDefinition,
  input: SettleInput,
  pending: NonNullable<SettleInput['record']>,
): Promise<NonNullable<SettleResult['inPlace']>> {
  const recorded: number[] = []
  for (const entry of pending) recorded.push((await record(memory, { ...input, contextWindow: definition.contextWindow }, await readRecord(memory, input.agentId, entry))).tokens)
  const { leaving } = input
  const notice = { ...noticeMessage(input, { seq: input.seq, notice: leaving?.notice ?? 'turn-cancelled', at: new Date().toISOString() }), op: input.op }
  // Which of the two is there decides whether the turn leaves. A notice that is marked says so from the moment that it is stored: whoever
  // rebuilds the queue from the stores marks the others of its turn where this worker did not come to it.
  const stored = await memory.messages.insert({ ...notice, tokens: tokensOfMessage(notice, definition.contextWindow), ...(leaving && { popped: true }) })
  const left = leaving !== undefined && stored.role !== 'assistant'
  if (left) {
    faultPoint('notice-stored')
    await memory.messages.markPopped(input.agentId, leaving.ranges)
  }
  return { recorded, tokens: stored.tokens, ...(stored.usage && { usage: stored.usage }), ...(left && { left }) }
}
