import { setTimeout as sleep } from 'node:timers/promises'
import { isUnanswered, messageOf, PerdureError } from '../protocol/errors.ts'
import type { MessageStore } from '../stores/messages.ts'
import type { ClientTool } from './client-tool.ts'
import type { CallToAnswer, WaitingMethods } from './call-to-answer.ts'

/**
 * The store is looked at this often; the workflow is asked where something has come, and every so many looks in any case. An approval
 * leaves nothing in recall memory, so as long as one is due the workflow is asked more often.
 */
const pollMs = 150
const looksPerQuestion = { usually: 10, approvalDue: 2 }
const awayPauseMs = 1_000

/** Runs the calls that wait for their caller, side by side, each once in this process. */
export async function serveTools(options: {
  readonly agentId: string
  readonly key: string
  readonly tools: readonly ClientTool[]
  readonly signal: AbortSignal
  readonly methods: Pick<WaitingMethods, 'waiting' | 'answerCall'>
  readonly messages: MessageStore
}): Promise<void> {
  const { agentId, key, tools, signal, methods, messages } = options
  const taken = new Map<string, Promise<void>>()
  const failure = new AbortController()
  const take = (call: CallToAnswer): void => {
    const tool = tools.find(({ definition }) => definition.name === call.name)
    if (call.for !== 'client' || tool === undefined || taken.has(call.op)) return
    // A call whose answer could not be delivered is taken up again.
    const work = runAndAnswer({ agentId, tool, call, signal, methods }).catch((error: unknown) => {
      if (isUnanswered(error)) taken.delete(call.op)
      else failure.abort(error)
    })
    taken.set(call.op, work)
  }

  const hasLeft = (): boolean => signal.aborted
  let seen = -1
  let looksLeft = 0
  while (!hasLeft()) {
    failure.signal.throwIfAborted()
    try {
      const newest = await messages.latestSeq(key)
      looksLeft -= 1
      if (newest !== seen || looksLeft <= 0) {
        const waiting = await methods.waiting(agentId)
        seen = newest
        looksLeft = waiting.some((call) => call.for === 'approval') ? looksPerQuestion.approvalDue : looksPerQuestion.usually
        for (const op of taken.keys()) if (!waiting.some((call) => call.op === op)) taken.delete(op)
        for (const call of waiting) take(call)
      }
      await pause(pollMs, signal)
    } catch (error) {
      // Whoever leaves may close the connection at once, under a look that is under way.
      if (hasLeft()) break
      if (!isUnanswered(error)) throw error
      await pause(awayPauseMs, signal)
    }
  }
  await Promise.all(taken.values())
}

async function runAndAnswer(options: {
  readonly agentId: string
  readonly tool: ClientTool
  readonly call: CallToAnswer
  readonly signal: AbortSignal
  readonly methods: Pick<WaitingMethods, 'answerCall'>
}): Promise<void> {
  const { agentId, tool, call, signal, methods } = options
  const { op } = call
  const outcome = await tool.run(call.arguments, { agentId, op, signal }).then(
    (text) => ({ text, ok: true }),
    (error: unknown) => ({ text: messageOf(error), ok: false }),
  )
  // A call that was broken off because this caller stops is left for the next caller.
  if (signal.aborted && !outcome.ok) return
  try {
    await methods.answerCall(agentId, op, outcome)
  } catch (error) {
    if (!isLate(error)) throw error
  }
}

/** Another caller was first, the deadline has passed, or the turn was cancelled. */
const isLate = (error: unknown): boolean => PerdureError.isInstance(error) && (error.code === 'call-answered' || error.code === 'call-unknown')

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
}
