import { setTimeout as sleep } from 'node:timers/promises'
import { printable } from '../output/printable.ts'
import { oneLine } from '../output/text.ts'
import type { Chat } from './chat.ts'

const lookMs = 500
const firstMs = 2_000
/** More than this is not let pass between two questions, each of which costs a worker a workflow task. */
const mostMs = 15_000

export interface Retries {
  /** Something of the agent was told: it goes on, whatever failed before. */
  goesOn(): void
}

/**
 * Says that the model, or what else a step waits for, fails and is tried again: a failed attempt is no event, so nobody else tells of it before it is
 * given up. Where the agent is at work and nothing was told for some seconds it is asked, less and less often.
 */
export function tellRetries({ agentId, connection, console, shown }: Pick<Chat, 'agentId' | 'connection' | 'console' | 'shown'>, signal: AbortSignal): Retries {
  let toldAt = performance.now()
  let quietMs = firstMs
  let said = ''
  const say = (detail: string): void => {
    // The seconds that it takes stand behind it.
    if (console.live) console.busy(`trying again: ${oneLine(detail, Math.max(10, console.columns - 30))}`)
    else if (detail !== said) console.remark(console.palette.dim(`trying again: ${printable(detail)}`))
    said = detail
  }
  const ask = async (turn: number | undefined): Promise<void> => {
    const asked = toldAt
    const passed = performance.now() - toldAt
    if (turn === undefined || passed < quietMs) return
    quietMs = passed + Math.min(passed, mostMs)
    // Where nobody answers, that is said by whoever needs an answer.
    const running = await connection.client.state(agentId).then((view) => view.running, () => undefined)
    if (running?.retrying !== undefined && running.turn === turn && shown.running?.turn === turn && toldAt === asked) say(running.retrying.detail)
  }
  const follow = async (): Promise<void> => {
    for (;;) {
      await sleep(lookMs, undefined, { signal })
      await ask(shown.running?.turn)
    }
  }
  if (console.interactive) void follow().catch(() => undefined)
  return {
    goesOn: () => {
      toldAt = performance.now()
      quietMs = firstMs
      if (said !== '' && console.live && shown.running !== undefined) console.busy(shown.doing)
      said = ''
    },
  }
}
