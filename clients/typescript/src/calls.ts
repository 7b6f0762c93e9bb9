import type { AnswerAccepted, CallToAnswer, ClientTool, PerdureClient } from '../../../src/index.ts'
import { abortWith } from './abort-with.ts'
import { isUnanswered, PerdureError } from './errors.ts'
import type { MethodsOf } from './methods-of.ts'
import { pause } from './pause.ts'
import { agent, path, type Part } from './path.ts'
import type { Requests } from './requests.ts'

const call = (op: string): Part => ({ name: op, unknown: 'call-unknown' })

export function callMethods({ ask, askIn }: Requests): MethodsOf<'waiting' | 'approve' | 'refuse' | 'answerCall'> {
  const answer = (agentId: string, op: string, how: string, body: object): Promise<AnswerAccepted> =>
    ask({ method: 'POST', path: `${path`/agents/${agent(agentId)}/calls/${call(op)}`}/${how}`, body })
  return {
    waiting: async (agentId) => askIn('calls', { method: 'GET', path: path`/agents/${agent(agentId)}/calls` }),
    approve: async (agentId, op, approval = {}) => answer(agentId, op, 'approve', approval),
    refuse: async (agentId, op, refusal = {}) => answer(agentId, op, 'refuse', refusal),
    answerCall: async (agentId, op, result) => answer(agentId, op, 'result', result),
  }
}

/** An approval is told to nobody who watches, so as long as one is due the agent is asked more often; in any case now and then. */
const asksEveryMs = { usually: 5_000, approvalDue: 500, withoutWatching: 1_000 }
const awayPauseMs = 1_000

/** Runs the calls that wait for their caller, side by side, each once in this process. */
export function toolServing(methods: Pick<PerdureClient, 'waiting' | 'answerCall' | 'watch'>): MethodsOf<'serveTools'> {
  return {
    serveTools: async (agentId, tools, { signal }) => {
      const taken = new Map<string, Promise<void>>()
      const failure = new AbortController()
      const hasLeft = (): boolean => signal.aborted
      const bell = bellOf(methods, agentId, signal)
      const take = (waiting: CallToAnswer): void => {
        const tool = tools.find(({ definition }) => definition.name === waiting.name)
        if (waiting.for !== 'client' || tool === undefined || taken.has(waiting.op)) return
        // A call whose answer could not be delivered is taken up again.
        const work = runAndAnswer(methods, { agentId, tool, call: waiting, signal }).catch((error: unknown) => {
          if (isUnanswered(error)) taken.delete(waiting.op)
          else failure.abort(error)
        })
        taken.set(waiting.op, work)
      }
      try {
        while (!hasLeft()) {
          failure.signal.throwIfAborted()
          const rung = bell.next()
          try {
            const waiting = await methods.waiting(agentId)
            for (const op of taken.keys()) if (!waiting.some((one) => one.op === op)) taken.delete(op)
            for (const one of waiting) take(one)
            const approvalDue = waiting.some((one) => one.for === 'approval')
            await pause(approvalDue ? asksEveryMs.approvalDue : bell.works() ? asksEveryMs.usually : asksEveryMs.withoutWatching, rung)
          } catch (error) {
            // Whoever leaves may take the server along at once, under a look that is under way.
            if (hasLeft()) break
            if (!isUnanswered(error)) throw error
            await pause(awayPauseMs, rung)
          }
        }
        await Promise.all(taken.values())
      } finally {
        bell.end()
      }
    },
  }
}

interface Bell {
  /** Aborted when it rings the next time: the agent has begun to wait for somebody, or serving is over. */
  next(): AbortSignal
  /** A key may answer calls without being allowed to watch; then it rings at the end alone. */
  works(): boolean
  end(): void
}

function bellOf(methods: Pick<PerdureClient, 'watch'>, agentId: string, signal: AbortSignal): Bell {
  let works = true
  let rung = new AbortController()
  const ring = (): void => {
    rung.abort()
    rung = new AbortController()
  }
  const leaving = new AbortController()
  const letGo = abortWith(leaving, signal)
  leaving.signal.addEventListener('abort', ring, { once: true })
  const listen = async (): Promise<void> => {
    for await (const { type } of methods.watch(agentId, { signal: leaving.signal })) if (type === 'waiting') ring()
  }
  // Of an agent that is no more asking tells.
  listen().catch(() => (works = false))
  return {
    next: () => rung.signal,
    works: () => works,
    end: () => {
      leaving.abort()
      letGo()
    },
  }
}

interface Running {
  readonly agentId: string
  readonly tool: ClientTool
  readonly call: CallToAnswer
  readonly signal: AbortSignal
}

async function runAndAnswer(methods: Pick<PerdureClient, 'answerCall'>, { agentId, tool, call: { op, arguments: args }, signal }: Running): Promise<void> {
  const outcome = await tool.run(args, { agentId, op, signal }).then(
    (text) => ({ text, ok: true }),
    (error: unknown) => ({ text: error instanceof Error ? error.message : String(error), ok: false }),
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
