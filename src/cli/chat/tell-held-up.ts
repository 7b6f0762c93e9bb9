import { setTimeout as sleep } from 'node:timers/promises'
import type { AgentView } from '../../protocol/handlers.ts'
import { heldUpText } from '../output/held-up.ts'
import { oneLine } from '../output/text.ts'
import type { Chat, Shown } from './chat.ts'

const lookMs = 500
const firstMs = 2_000
/** More than this is not let pass between two questions, each of which costs a worker a workflow task. */
const mostMs = 15_000
/** So long after a parked agent was let go on it has failed at all attempts of a step, and is parked anew. */
const tryingMs = 60_000

export interface HeldUp {
  /** Something of the agent was told: it goes on, whatever held it up before. */
  goesOn(): void
}

/**
 * Says that the model, or what else a step waits for, fails and is tried again, or that an operator has paused it: neither is an event, so nobody else
 * tells of it. Where the agent is at work and nothing was told for some seconds it is asked, less and less often. A parked agent that goes on
 * is at work too, and that is told by nobody else either before a step succeeds.
 */
export function tellHeldUp({ agentId, connection, console, shown }: Pick<Chat, 'agentId' | 'connection' | 'console' | 'shown'>, signal: AbortSignal): HeldUp {
  let toldAt = performance.now()
  let quietMs = firstMs
  let said = ''
  const anew = (): void => {
    toldAt = performance.now()
    quietMs = firstMs
  }
  const say = (text: string): void => {
    // The seconds that it takes stand behind it.
    if (console.live) console.busy(oneLine(text, Math.max(10, console.columns - 16)))
    else if (text !== said) console.remark(console.palette.dim(text))
    said = text
  }
  const isNoMore = (): void => {
    if (said !== '' && console.live) console.busy(shown.running === undefined ? undefined : shown.doing)
    said = ''
  }
  const take = (view: AgentView): void => {
    const { running, status } = view
    if (shown.parked && running !== undefined && status === 'running') {
      shown.running = { turn: running.turn, eventId: running.eventId }
      shown.parked = false
      shown.doing = 'trying again'
      if (console.live) console.busy(shown.doing)
    }
    // What is shown may be another turn by now.
    if (shown.running !== undefined && shown.running.turn !== running?.turn) return
    const text = heldUpText(view)
    if (text === undefined) isNoMore()
    else say(text)
  }
  const ask = async (): Promise<void> => {
    const asked = toldAt
    const passed = performance.now() - toldAt
    if (passed < quietMs) return
    quietMs = passed + Math.min(passed, mostMs)
    // Where nobody answers, that is said by whoever needs an answer.
    const view = await connection.client.state(agentId).catch(() => undefined)
    if (view !== undefined && toldAt === asked) take(view)
  }
  const follow = async (): Promise<void> => {
    let begunAt = -Infinity
    for (;;) {
      await sleep(lookMs, undefined, { signal })
      const wentOn = wentOnAt(shown)
      if (wentOn !== undefined && wentOn > begunAt) {
        begunAt = wentOn
        anew()
      }
      if (wentOn !== undefined || shown.running?.turn !== undefined) await ask()
    }
  }
  if (console.interactive) void follow().catch(() => undefined)
  return {
    goesOn: () => {
      anew()
      if (shown.running === undefined) said = ''
      else isNoMore()
    },
  }
}

/** When a parked agent was let go on, or its time had come. Undefined where it stands still. */
function wentOnAt({ parked, retryAt = Infinity, letGoOnAt = -Infinity }: Shown): number | undefined {
  if (!parked) return undefined
  const now = Date.now()
  if (retryAt <= now) return retryAt
  return now - letGoOnAt < tryingMs ? letGoOnAt : undefined
}
