import { ApplicationFailure, defineQuery, defineUpdate, setHandler } from '@temporalio/workflow'
import type { CommandRequest } from '../../protocol/commands.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import { handlerNames, lookedAt, type LookRequest } from '../../protocol/handlers.ts'
import { presentAnswer } from './event-answers.ts'
import type { AgentRun } from './run.ts'
import { presentCommandAnswer } from './take-command.ts'
import { assertMeant, failureOf, refusing } from './updates.ts'
import { contextPartsOf, viewOf } from './view.ts'

/**
 * What the agent tells of itself, each by a query, and by the update `look` that is refused with the answer. Nothing here may change the run,
 * or ask `patched`: neither a query nor a refused update is there on a replay.
 */
export function installQueries(run: AgentRun): void {
  const answers: Readonly<Record<LookRequest['query'], (...args: readonly never[]) => unknown>> = {
    state: () => viewOf(run),
    queue: () => run.state.queue,
    contextParts: () => contextPartsOf(run.state),
    eventAnswer: (eventId: string) => presentAnswer(run, eventId),
    commandAnswer: (request: CommandRequest) => presentCommandAnswer(run, request),
  }
  for (const [name, answer] of Object.entries(answers)) setHandler(defineQuery<unknown, never[]>(name), answer)
  const refuse = ({ query, args = [], ...of }: Partial<LookRequest> = {}): never => {
    refusing(() => assertMeant(run.state, of))
    if (query === undefined || !(query in answers)) throw failureOf(invalidArgument(`query is one of ${Object.keys(answers).join(', ')}`))
    throw ApplicationFailure.create({ type: lookedAt, nonRetryable: true, message: 'the answer is in the details', details: [answers[query](...(args as readonly never[]))] })
  }
  setHandler(defineUpdate<never, [LookRequest]>(handlerNames.look), refuse, { validator: refuse })
}
