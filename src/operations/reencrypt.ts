import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyRing } from '../codec/key-ring.ts'
import type { PerdureConnection } from '../connect.ts'
import { outerId, tenantOf } from '../protocol/tenant.ts'
import { helperRuns, indexedRuns } from '../client/indexed-runs.ts'

export interface Reencrypted {
  /** Agents whose workflow runs. */
  readonly agents: number
  /** Agents whose run began under another key than the current one and did not end in time, because a turn is in progress. */
  readonly left: readonly string[]
  /** Why one of these could not even be asked. */
  readonly refused: ReadonlyMap<string, unknown>
  /** Workflows that do something for an agent, by their ids, which began under another key and have not ended in time. */
  readonly helpers: readonly string[]
}

interface ReencryptOptions extends Pick<PerdureConnection, 'clientOf' | 'temporal'> {
  readonly keys: KeyRing
  readonly taskQueue: string
  /** How long to wait for turns in progress, and for what works for agents. Default 30 seconds. */
  readonly patienceMs?: number
}

const atOnce = 50

/**
 * Has every agent go on in a new run whose present one did not begin under the current key (without keys: began under one), so that no
 * agent needs the earlier keys any more; and waits for what loads documents, embeds and answers asides for agents under another key. Safe to repeat; an
 * agent in the middle of a turn does so at its end.
 */
export async function reencrypt({ clientOf, temporal, keys, taskQueue, patienceMs = 30_000 }: ReencryptOptions): Promise<Reencrypted> {
  const deadline = Date.now() + patienceMs
  // By the memo, which each run has anew.
  const isUnderAnother = ({ keyId }: { readonly keyId: string | undefined }): boolean => keyId !== keys[0]?.id
  const asked = new Set<string>()
  const refused = new Map<string, unknown>()
  for (;;) {
    const running = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`
    const [runs, working] = [await allOf(indexedRuns(temporal, running)), await allOf(helperRuns(temporal, running))]
    const left = runs.filter(isUnderAnother).map(({ agentId }) => agentId)
    const helpers = working.filter(isUnderAnother).map(({ workflowId }) => workflowId)
    const hopeless = helpers.length === 0 && left.every((agentId) => refused.has(agentId))
    if (hopeless || Date.now() > deadline) return { agents: runs.length, left, refused, helpers }
    for (const agentId of left.filter((candidate) => !asked.has(candidate)).slice(0, atOnce)) {
      asked.add(agentId)
      // Answered at the turn's end, which may be far: that is seen in the list.
      const tenant = tenantOf(agentId)
      clientOf(tenant).command(outerId(tenant, agentId), { type: 'renew' }).catch((error: unknown) => refused.set(agentId, error))
    }
    await sleep(500)
  }
}

async function allOf<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
