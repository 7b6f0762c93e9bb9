import { setTimeout as sleep } from 'node:timers/promises'
import type { PerdureClient } from '../../../src/client/client.ts'
import type { ErrorCode } from '../../../src/protocol/errors.ts'
import type { LogEntry } from './client-log.ts'
import { randomOf } from './random.ts'

interface Options {
  readonly client: PerdureClient
  readonly seed: number
  readonly note: (entry: LogEntry) => void
  readonly failed: (error: unknown, about: Pick<LogEntry, 'agentId' | 'eventId'>, expected: readonly ErrorCode[]) => void
}

/** Approves and refuses what waits for a person, for ever. Each call has the answer that the seed gives it, sometimes twice, sometimes late. */
export async function answerCalls(agentId: string, { client, seed, note, failed }: Options): Promise<never> {
  for (let round = 1; ; round += 1) {
    const random = randomOf(`${seed} ${agentId} ${round}`)
    await sleep(random.between(1_000, 4_000))
    try {
      for (const { op } of await client.waiting(agentId)) {
        if (random.chance(0.2)) continue
        const what = answerTo(seed, op)
        await client[what](agentId, op, { by: 'the storm' })
        note({ what, agentId, eventId: op, text: '' })
        if (random.chance(0.2)) await client[what](agentId, op, { by: 'the storm' })
      }
    } catch (error) {
      // What was asked meanwhile, or stands in the history of a workflow that is gone, waits no more.
      failed(error, { agentId, eventId: 'answers' }, ['agent-unknown', 'call-unknown', 'call-answered'])
    }
  }
}

const answerTo = (seed: number, op: string): 'approve' | 'refuse' => (randomOf(`${seed} ${op}`).chance(0.65) ? 'approve' : 'refuse')
