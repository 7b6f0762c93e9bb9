import { defineSignal, log, patched, setHandler } from '@temporalio/workflow'
import { budgetsAfter, type BudgetAnswer, type BudgetRequest, type Budgets } from '../../protocol/budget.ts'
import { askedBy, assertCancelRequest, assertNamedRequest, type CancelRequest, type CommandAnswer, type CommandRequest, type NamedRequest } from '../../protocol/commands.ts'
import { invalidArgument, messageOf } from '../../protocol/errors.ts'
import { assertSenderEventId, isNewsOfDocuments, isReservedEventId, type IncomingEvent } from '../../protocol/events.ts'
import { handlerNames, type EventAnswer, type EventRequest, type GivenBySignal } from '../../protocol/handlers.ts'
import type { AgentState } from '../../protocol/state.ts'
import { assertTimerId, type ScheduleAnswer, type TimerRequest } from '../../protocol/timers.ts'
import type { AnswerAccepted, AnswerRequest } from '../../protocol/waiting.ts'
import { assertCommand } from './commands.ts'
import { takeEvent } from './event-answers.ts'
import { textKept, timersKept } from './keep.ts'
import { accept, assertEvent } from './mailbox.ts'
import { forgetWindow } from './pressure.ts'
import { installQueries } from './queries.ts'
import type { AgentRun } from './run.ts'
import { assertRoomForCommand, takeCommand } from './take-command.ts'
import { assertSchedulable, fireDue, schedule, unschedule } from './timers.ts'
import { spentUp } from './spending.ts'
import { assertMeant, assertSameCommand, failureOf, installUpdate, once } from './updates.ts'
import { answerCall } from './wait-for-answers.ts'
import { assertAnswer } from './waiting.ts'

/** Handlers only put down what was asked, and wait; the loop is the one that acts. */
export function installHandlers(run: AgentRun): void {
  const { state } = run
  const takeEarlySignals = installSignalHandler(run)
  installUpdate<EventAnswer, EventRequest>(run, handlerNames.event, {
    urgency: 'event',
    check: (request) => {
      const { event, wait } = (request ?? {}) as Partial<EventRequest>
      if (wait !== undefined && !['turn', 'end', 'accepted'].includes(wait)) throw invalidArgument('wait is one of turn, end, accepted')
      assertEvent(event, state)
      assertSenderEventId(event.id)
    },
    handle: (request) => takeEvent(run, request),
  })

  takeEarlySignals()

  installUpdate<CommandAnswer, CommandRequest>(run, handlerNames.command, {
    urgency: 'command',
    check: (request) => {
      assertCommand(request)
      assertSameCommand(state, request.id, askedBy(request.command))
      assertRoomForCommand(run, request)
    },
    handle: (request) => takeCommand(run, request),
  })

  setHandler(defineSignal(handlerNames.reconcile), () => {
    run.reconcile ??= 'asked'
  })

  installUpdate<{ readonly cancelled: boolean }, CancelRequest | undefined>(run, handlerNames.cancel, {
    urgency: 'urgent',
    check: (request) => {
      assertCancelRequest(request)
      assertSameCommand(state, idOf(request), cancelling(request))
    },
    handle: (request) => once(state, { id: idOf(request), asked: cancelling(request) }, () => ({ cancelled: askToCancel(run, request?.turn) })),
  })

  installUpdate<AnswerAccepted, AnswerRequest>(run, handlerNames.answer, {
    urgency: 'urgent',
    check: (request) => assertAnswer(request, state, Date.now()),
    handle: async (request) => {
      try {
        return await answerCall(run, request)
      } catch (error) {
        throw failureOf(error)
      }
    },
  })

  installUpdate<{ readonly resumed: boolean }, NamedRequest | undefined>(run, handlerNames.resume, {
    urgency: 'command',
    check: (request) => {
      assertNamedRequest(request)
      assertSameCommand(state, idOf(request), handlerNames.resume)
    },
    handle: (request) =>
      once(state, { id: idOf(request), asked: handlerNames.resume }, () => {
        // A call that waits for an answer goes on only by its answer, not by `resume`.
        state.resumeAsked = state.parked !== undefined && state.parked.calls === undefined
        // Whoever resumes may have started the endpoint anew, with a larger window. Earlier versions forgot it only where it had parked the agent.
        if (state.learnedWindow !== undefined && patched('resume-forgets-window')) forgetWindow(state)
        return { resumed: state.resumeAsked }
      }),
  })

  installUpdate<BudgetAnswer, BudgetRequest>(run, handlerNames.budget, {
    urgency: 'command',
    // For histories of earlier versions. Budgets are part of the definition now, which changes in one way.
    check: () => {
      throw invalidArgument('budgets are part of the definition: use `perdure budget`, or `update` and `setBudget` of the client')
    },
    handle: (request) => ({ ...once(state, { id: idOf(request), asked: budgeting(request) }, () => changeBudgets(state, request)), ...budgetsOf(state) }),
  })

  installUpdate<ScheduleAnswer, TimerRequest>(run, handlerNames.schedule, {
    urgency: 'command',
    check: (request) => assertSchedulable(request, state),
    handle: (request) => {
      const answer = schedule(state, request)
      return timersKept(run)?.then(() => answer) ?? answer
    },
  })

  installUpdate<{ readonly removed: boolean }, UnscheduleRequest>(run, handlerNames.unschedule, {
    urgency: 'command',
    check: (request) => {
      assertTimerId((request as { id?: unknown } | undefined | null)?.id)
      assertNamedRequest(request)
      assertSameCommand(state, idOf(request), unscheduling(request as UnscheduleRequest))
    },
    handle: (request) => {
      const answer = once(state, { id: idOf(request), asked: unscheduling(request) }, () => ({ removed: unschedule(state, request.id) }))
      return timersKept(run)?.then(() => answer) ?? answer
    },
  })

  // Last: a look that came before the run's first task is answered here, and sees what came before the look.
  installQueries(run)
}

interface UnscheduleRequest extends NamedRequest {
  readonly id: string
}

/** Clients of earlier versions did not say whether the turn was named, and so it was no part of it. */
const cancelling = (request: CancelRequest | undefined): string => (request?.named === true ? `${handlerNames.cancel} of turn ${request.turn}` : handlerNames.cancel)
const unscheduling = ({ id }: UnscheduleRequest): string => `${handlerNames.unschedule} ${id}`
const budgeting = ({ turn, agent }: BudgetRequest): string => `${handlerNames.budget} ${JSON.stringify({ turn, agent })}`
const idOf = (request: unknown): string | undefined => (request as NamedRequest | undefined | null)?.commandId

/** Reaches the running inference or tool. False where no turn runs, or another one than the one that is meant. */
export function askToCancel({ state, step }: AgentRun, turn?: number): boolean {
  const { running } = state
  if (running === undefined || (turn !== undefined && running.turn !== turn)) return false
  state.cancelAsked = true
  step?.cancel()
  return true
}

/**
 * Signals and updates that came before a run's first task are handed over when their handlers are set. In the history such signals stand
 * before such updates, and events are handled in the order of the history: so this handler is set first, and takes what is handed over.
 * @returns takes those signals where they are not taken yet: in histories of earlier versions they are handled after the updates
 */
function installSignalHandler(run: AgentRun): () => void {
  const early: GivenBySignal[] = []
  let installed = false
  setHandler(defineSignal<[...GivenBySignal]>(handlerNames.eventSignal), (...given) => {
    if (installed) return takeSignal(run, given)
    early.push(given)
    return undefined
  })
  const takeEarly = (): void => {
    installed = true
    for (const given of early.splice(0)) void takeSignal(run, given)
  }
  // Asked only where it matters: its marker is in the history of each run that asks.
  if (early.length > 0 && patched('signals-before-updates')) takeEarly()
  setHandler(defineSignal(handlerNames.renewSignal), () => {
    // Earlier versions did not hear it.
    if (patched('updates-bounded')) run.full = true
  })
  return takeEarly
}

function takeSignal(run: AgentRun, [event, of]: GivenBySignal): Promise<void> | undefined {
  const { state } = run
  try {
    assertMeant(state, of)
    assertEvent(event, state)
    assertSignalId(event)
    fireDue(state, Date.now())
    accept(state, event, Date.now())
    return textKept(run, event)
  } catch (error) {
    // Nobody waits for a signal's answer; the refusal is counted where an operator sees it.
    state.counters.refusedSignals += 1
    log.warn('refused a signal', { reason: messageOf(error) })
    return undefined
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

function changeBudgets(state: AgentState, request: BudgetRequest): Pick<BudgetAnswer, 'resumed'> {
  const { budget, agentBudget, ...settings } = state.settings
  state.settings = { ...settings, ...budgetsAfter({ budget, ...(agentBudget && { agentBudget }) }, request) }
  const resumed = state.parked?.reason === 'agent-budget' && spentUp(state) === undefined
  if (resumed) state.resumeAsked = true
  return { resumed }
}

function budgetsOf({ settings: { budget, agentBudget } }: AgentState): Budgets {
  return { budget, ...(agentBudget && { agentBudget }) }
}
