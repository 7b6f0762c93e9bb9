import { ApplicationFailure, condition, defineQuery, defineSignal, defineUpdate, log, patched, setHandler } from '@temporalio/workflow'
import { assertBudgetRequest, budgetsAfter, type BudgetAnswer, type BudgetRequest } from '../../protocol/budget.ts'
import { invalidArgument, messageOf, PerdureError } from '../../protocol/errors.ts'
import { assertSenderEventId, isNewsOfDocuments, isReservedEventId, type IncomingEvent } from '../../protocol/events.ts'
import { handlerNames, type AgentView, type EventAnswer, type EventRequest } from '../../protocol/handlers.ts'
import type { CommandAnswer, CommandRequest } from '../../protocol/commands.ts'
import type { AgentState } from '../../protocol/state.ts'
import type { QueueEntry } from '../../protocol/context.ts'
import { assertTimerId, type ScheduleAnswer, type TimerRequest } from '../../protocol/timers.ts'
import type { AnswerAccepted, AnswerRequest } from '../../protocol/waiting.ts'
import { assertCommand, type WaitingCommand } from './commands.ts'
import { accept, assertEvent, outcomeOf, positionOf } from './mailbox.ts'
import type { AgentRun } from './run.ts'
import { assertSchedulable, fireDue, schedule, unschedule } from './timers.ts'
import { spentUp } from './spending.ts'
import { viewOf } from './view.ts'
import { answerCall } from './wait-for-answers.ts'
import { assertAnswer } from './waiting.ts'

/** Handlers only put down what was asked, and wait; the loop is the one that acts. */
export function installHandlers(run: AgentRun): void {
  const { state } = run
  setHandler(defineQuery<AgentView>(handlerNames.state), () => viewOf(run))
  setHandler(defineQuery<readonly QueueEntry[]>(handlerNames.queue), () => state.queue)

  const takeEarlySignals = installSignalHandler(run)
  setHandler(
    defineUpdate<EventAnswer, [EventRequest]>(handlerNames.event),
    async ({ event, wait }) => {
      fireDue(state, Date.now())
      accept(state, event, Date.now())
      const ended = (): boolean => finalAnswer(run, event.id) !== undefined || (wait === 'turn' && state.parked !== undefined) || run.draining || run.archived
      if (wait !== 'accepted') await condition(ended)
      return finalAnswer(run, event.id) ?? interimAnswer(run, event.id)
    },
    {
      validator: (request) =>
        refusing(() => {
          const { event, wait } = (request ?? {}) as Partial<EventRequest>
          if (wait !== undefined && !['turn', 'end', 'accepted'].includes(wait)) throw invalidArgument('wait is one of turn, end, accepted')
          assertEvent(event, state)
          assertSenderEventId(event.id)
        }),
    },
  )

  takeEarlySignals()

  setHandler(
    defineUpdate<CommandAnswer, [CommandRequest]>(handlerNames.command),
    async (request) => {
      const waiting: WaitingCommand = { request }
      run.commands.push(waiting)
      await condition(() => waiting.answer !== undefined || run.draining || run.archived)
      if (waiting.answer) return waiting.answer
      if (run.archived) return { status: 'refused', code: 'agent-archived', detail: 'the agent was archived before' }
      return { status: 'carried', detail: 'the agent continues as new; ask again' }
    },
    {
      validator: (request) => {
        refusing(() => assertCommand(request))
      },
    },
  )

  setHandler(defineUpdate<{ readonly cancelled: boolean }>(handlerNames.cancel), () => ({ cancelled: askToCancel(run) }))

  setHandler(defineSignal(handlerNames.reconcile), () => {
    run.reconcile ??= 'asked'
  })

  setHandler(
    defineUpdate<AnswerAccepted, [AnswerRequest]>(handlerNames.answer),
    async (request) => {
      try {
        return await answerCall(run, request)
      } catch (error) {
        throw failureOf(error)
      }
    },
    {
      validator: (request) => {
        refusing(() => assertAnswer(request, state, Date.now()))
      },
    },
  )

  setHandler(defineUpdate<{ readonly resumed: boolean }>(handlerNames.resume), () => {
    // A call that waits for an answer goes on only by its answer, not by `resume`.
    state.resumeAsked = state.parked !== undefined && state.parked.calls === undefined
    return { resumed: state.resumeAsked }
  })

  setHandler(defineUpdate<BudgetAnswer, [BudgetRequest]>(handlerNames.budget), (request) => changeBudgets(state, request), {
    validator: (request) => {
      refusing(() => assertBudgetRequest(request))
    },
  })

  setHandler(defineUpdate<ScheduleAnswer, [TimerRequest]>(handlerNames.schedule), (request) => schedule(state, request), {
    validator: (request) => {
      refusing(() => assertSchedulable(request, state))
    },
  })

  setHandler(defineUpdate<{ readonly removed: boolean }, [{ readonly id: string }]>(handlerNames.unschedule), ({ id }) => ({ removed: unschedule(state, id) }), {
    validator: (request) => {
      refusing(() => assertTimerId((request as { id?: unknown } | undefined | null)?.id))
    },
  })
}

/** Reaches the running inference or tool. False where no turn runs. */
export function askToCancel({ state, step }: AgentRun): boolean {
  state.cancelAsked = state.running !== undefined
  if (state.cancelAsked) step?.cancel()
  return state.cancelAsked
}

/**
 * What came before a run's first task is handed over when its handler is set, so the handler that is set first would be served
 * first. The history has those signals before the updates, and events are handled in that order.
 * @returns takes those signals, if they are not taken yet: for histories of before, in which the updates went first
 */
function installSignalHandler(run: AgentRun): () => void {
  const early: IncomingEvent[] = []
  let installed = false
  setHandler(defineSignal<[IncomingEvent]>(handlerNames.eventSignal), (event) => {
    if (installed) takeSignal(run, event)
    else early.push(event)
  })
  const takeEarly = (): void => {
    installed = true
    for (const event of early.splice(0)) takeSignal(run, event)
  }
  // Asked only where it matters: its marker is in the history of each run that asks.
  if (early.length > 0 && patched('signals-before-updates')) takeEarly()
  return takeEarly
}

function takeSignal({ state }: AgentRun, event: IncomingEvent): void {
  try {
    assertEvent(event, state)
    assertSignalId(event)
    fireDue(state, Date.now())
    accept(state, event, Date.now())
  } catch (error) {
    // Nobody waits for a signal's answer; the refusal is counted where an operator sees it.
    state.counters.refusedSignals += 1
    log.warn('refused a signal', { reason: messageOf(error) })
  }
}

/**
 * The documents' workflow speaks by signal, with ids of its own. Whoever sends a signal of exactly that form past the client is taken for it.
 * @throws PerdureError `invalid-argument`
 */
function assertSignalId({ id, kind }: IncomingEvent): void {
  if (!isReservedEventId(id) || (kind === 'upload' && isNewsOfDocuments(id))) return
  // Before there was this rule such signals were accepted, and a signal's check runs in replay too.
  if (patched('reserved-event-ids')) assertSenderEventId(id)
}

function changeBudgets(state: AgentState, request: BudgetRequest): BudgetAnswer {
  const { budget, agentBudget, ...settings } = state.settings
  const budgets = budgetsAfter({ budget, ...(agentBudget && { agentBudget }) }, request)
  state.settings = { ...settings, ...budgets }
  const resumed = state.parked?.reason === 'agent-budget' && spentUp(state) === undefined
  if (resumed) state.resumeAsked = true
  return { ...budgets, resumed }
}

function finalAnswer({ state }: AgentRun, eventId: string): EventAnswer | undefined {
  const outcome = outcomeOf(state, eventId)
  if (outcome) return { status: 'ended', outcome }
  const handled = state.handled.find(([id]) => id === eventId)
  return handled && { status: 'handled', turn: handled[1] }
}

function interimAnswer({ state, draining, archived }: AgentRun, eventId: string): EventAnswer {
  if (archived) return { status: 'archived', eventId }
  const position = positionOf(state, eventId) ?? 0
  if (draining) return { status: 'carried', eventId }
  return state.parked ? { status: 'parked', eventId, position, parked: state.parked } : { status: 'queued', eventId, position }
}

/** An update's sender gets our code as the failure's type. */
function refusing(check: () => void): void {
  try {
    check()
  } catch (error) {
    throw failureOf(error)
  }
}

function failureOf(error: unknown): unknown {
  return PerdureError.isInstance(error) ? ApplicationFailure.nonRetryable(error.message, error.code) : error
}
