import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { KeyRing } from '../codec/key-ring.ts'
import type { PerdureConnection } from '../connect.ts'
import { outerId, tenantOf } from '../protocol/tenant.ts'
import { indexedRuns, type IndexedRun } from '../client/indexed-runs.ts'

export interface Reencrypted {
  /** Agents whose workflow runs. */
  readonly agents: number
  /** Agents whose run began under another key than the current one and did not end in time, because a turn is in progress. */
  readonly left: readonly string[]
  /** Why one of these could not even be asked. */
  readonly refused: ReadonlyMap<string, unknown>
}

interface ReencryptOptions extends Pick<PerdureConnection, 'clientOf' | 'temporal'> {
  readonly keys: KeyRing
  readonly taskQueue: string
  /** How long to wait for turns in progress. Default 30 seconds. */
  readonly patienceMs?: number
}

const atOnce = 50

/**
 * Has every agent go on in a new run whose present one did not begin under the current key (without keys: began under one), so that no
 * agent needs the earlier keys any more. Safe to repeat; an agent in the middle of a turn does so at its end.
 */
export async function reencrypt({ clientOf, temporal, keys, taskQueue, patienceMs = 30_000 }: ReencryptOptions): Promise<Reencrypted> {
  const deadline = Date.now() + patienceMs
  const asked = new Set<string>()
  const refused = new Map<string, unknown>()
  for (;;) {
    const runs = await runningAgents(temporal, taskQueue)
    const left = runs.filter(({ keyId }) => keyId !== keys[0]?.id).map(({ agentId }) => agentId)
    if (left.length === 0 || Date.now() > deadline || left.every((agentId) => refused.has(agentId))) return { agents: runs.length, left, refused }
    for (const agentId of left.filter((candidate) => !asked.has(candidate)).slice(0, atOnce)) {
      asked.add(agentId)
      // Answered at the turn's end, which may be far: that is seen in the list.
      const tenant = tenantOf(agentId)
      clientOf(tenant).command(outerId(tenant, agentId), { type: 'renew' }).catch((error: unknown) => refused.set(agentId, error))
    }
    await sleep(500)
  }
}

/** By the memo, which each run has anew. */
async function runningAgents(temporal: Client, taskQueue: string): Promise<readonly IndexedRun[]> {
  const runs = []
  for await (const run of indexedRuns(temporal, `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`)) runs.push(run)
  return runs
}
