/**
 * Sees to it that what has left an agent's context gets its vectors, whichever worker dies over it: a workflow of its own, so that no turn waits for it
 * and the agent's history does not tell of it. It knows numbers; what was said is the activity's business. It ends when nothing is left to do.
 */
import { ActivityFailure, ApplicationFailure, defineSignal, isCancellation, log, makeContinueAsNewFunc, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow'
import { messageOf } from '../protocol/errors.ts'
import { leftSignal, type ExchangeActivities, type ExchangesToEmbed } from '../protocol/exchanges.ts'
import { liveness } from '../protocol/liveness.ts'
import { attributesOfHelper } from '../protocol/search-attributes.ts'
import { isWhole } from './whole-answer.ts'

/** As with an agent: the more events a run has, the longer its replay takes. */
const mostEvents = 300

/** A store or an endpoint that is away comes back, however late; attempts that failed are not in the history. */
const { embedExchanges } = proxyActivities<ExchangeActivities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: liveness.besideHeartbeatTimeoutMs,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

export async function exchanges(given: ExchangesToEmbed | undefined): Promise<void> {
  const { agentId, left }: Partial<ExchangesToEmbed> = given ?? {}
  if (typeof agentId !== 'string' || typeof left !== 'number') throw ApplicationFailure.nonRetryable('what is to be embedded is said by a worker; this says nothing', 'invalid-argument')
  let wanted = left
  let after = given?.after
  // Whoever sends it by hand may send anything.
  setHandler(defineSignal<[unknown]>(leftSignal), (more) => {
    if (typeof more === 'number') wanted = Math.max(wanted, more)
  })
  const inputOf = (upTo: number): ExchangesToEmbed => ({ agentId, left: upTo, ...(after !== undefined && { after }) })
  for (let done = 0; done < wanted; ) {
    // The memo is given anew: the stored bytes of the first run stay under the key that it began with.
    const { historyLength, continueAsNewSuggested, memo = {} } = workflowInfo()
    if (historyLength > mostEvents || continueAsNewSuggested) return makeContinueAsNewFunc<typeof exchanges>({ memo, typedSearchAttributes: attributesOfHelper(agentId) })(inputOf(wanted))
    const asked = wanted
    try {
      const answer = await embedExchanges(inputOf(asked))
      // Somebody may have completed it by hand, with anything: then it is asked again.
      if (!isWhole(answer, { embedded: 'number' })) continue
      after = answer.after ?? after
      if (!answer.more) done = asked
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error
      log.warn("what has left an agent's context could not be embedded: it is found by its words, and embedded after the next compaction, or by `perdure reindex`", { agentId, reason: messageOf(error.cause) })
      done = asked
    }
  }
}
