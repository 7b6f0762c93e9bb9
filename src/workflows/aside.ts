/**
 * Answers an aside: outside of its agent's workflow, so that neither waits for the other. It knows ids and figures; the texts are the activity's
 * business, and are kept nowhere.
 */
import { proxyActivities } from '@temporalio/workflow'
import { liveness } from '../protocol/liveness.ts'
import type { AsideActivities, AsideFigures, AsideInput } from '../protocol/aside.ts'

/** Somebody waits for the answer. So what is away is tried a few times, and then the asker is told. */
const { answerAside } = proxyActivities<AsideActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: liveness.besideHeartbeatTimeoutMs,
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumAttempts: 4 },
})

export async function aside(input: AsideInput): Promise<AsideFigures> {
  return answerAside(input)
}
