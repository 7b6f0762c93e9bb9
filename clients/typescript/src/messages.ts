import type { Accepted, SendOptions, TurnResult, WaitOptions } from '../../../src/index.ts'
import { PerdureError } from './errors.ts'
import type { MethodsOf } from './methods-of.ts'
import { newId } from './new-id.ts'
import { pause } from './pause.ts'
import { agent, path } from './path.ts'
import type { Asking, Requests } from './requests.ts'

/** One request waits for so long: shorter than a proxy usually holds one. */
const waitSeconds = 50
/** A request that waits has its answer by then. */
const tryMs = (waitSeconds + 30) * 1_000
const briefMs = 1_000

type MessageMethods = MethodsOf<'send' | 'post' | 'signal' | 'outcome' | 'hasEvent' | 'aside'>

type Mutable<Told> = { -readonly [Field in keyof Told]: Told[Field] }
/** A turn that has not ended is told as its acceptance. */
type Standing = Mutable<TurnResult> | Mutable<Pick<Accepted, 'eventId' | 'repeated'> & { readonly end?: undefined }>

export function messageMethods({ ask, askTelling }: Requests): MessageMethods {
  /** A second try of our own finds what the first has sent. Under an id that nobody else can know it is no repetition. */
  const sent = async <Answer extends { repeated?: true }>(agentId: string, text: string, send: SendOptions, asking: Partial<Asking>): Promise<Answer> => {
    const { eventId = newId(), kind, clientTools, signal } = send
    const body = { text, kind, clientTools }
    const { answer, lost } = await askTelling<Answer>({ method: 'POST', path: messagesOf(agentId), body, idempotencyKey: eventId, signal, ...asking })
    if (lost && send.eventId === undefined) delete answer.repeated
    return answer
  }

  const post = async (agentId: string, text: string, send: SendOptions): Promise<Accepted> => {
    const accepted = await sent<Mutable<Accepted>>(agentId, text, send, { query: { wait: 'accepted' } })
    send.onAccepted?.(accepted)
    return accepted
  }

  /** @param through servers that are away are waited for from the beginning, since the event is known to be accepted */
  const outcome = async (agentId: string, eventId: string, { until, signal }: WaitOptions, through: boolean): Promise<TurnResult> => {
    const known = turnOf(agentId, eventId)
    for (let waited = through; ; waited = true) {
      const began = Date.now()
      try {
        const patience = waited ? { patienceMs: Infinity, throughAway: true as const } : {}
        const answer = await ask<Standing>({ method: 'GET', path: known, query: { waitSeconds, until }, signal, tryMs, ...patience })
        if (answer.end !== undefined) return answer
      } catch (error) {
        // It may be sent yet.
        if (!PerdureError.isInstance(error) || error.code !== 'event-unknown') throw error
      }
      if (Date.now() - began < briefMs) await pause(briefMs, signal)
    }
  }

  return {
    post: async (agentId, text, send = {}) => post(agentId, text, send),
    signal: async (agentId, text, send = {}) => {
      const { eventId, repeated } = await sent<Mutable<Pick<Accepted, 'eventId' | 'repeated'>>>(agentId, text, send, { query: { wait: 'none' } })
      return { eventId, ...(repeated && { repeated }) }
    },
    send: async (agentId, text, send = {}) => {
      const { until, acceptMs, onAccepted } = send
      const seconds = acceptMs === undefined ? waitSeconds : Math.min(waitSeconds, acceptMs / 1_000)
      const standing: Standing =
        onAccepted === undefined ? await sent<Standing>(agentId, text, send, { query: { waitSeconds: seconds, until }, tryMs }) : await post(agentId, text, send)
      if (standing.end !== undefined) return standing
      const { eventId, repeated } = standing
      return { ...(await outcome(agentId, eventId, send, true)), ...(repeated && { repeated }) }
    },
    aside: async (agentId, question, { maxOutputTokens, signal } = {}) =>
      ask({ method: 'POST', path: path`/agents/${agent(agentId)}/asides`, body: { question, maxOutputTokens }, signal, once: true }),
    outcome: async (agentId, eventId, wait = {}) => outcome(agentId, eventId, wait, false),
    hasEvent: async (agentId, eventId) => {
      try {
        await ask({ method: 'GET', path: turnOf(agentId, eventId), query: { waitSeconds: 0 } })
        return true
      } catch (error) {
        if (PerdureError.isInstance(error) && error.code === 'event-unknown') return false
        throw error
      }
    },
  }
}

export const messagesOf = (agentId: string): string => path`/agents/${agent(agentId)}/messages`
const turnOf = (agentId: string, eventId: string): string => path`/agents/${agent(agentId)}/turns/${{ name: eventId, unknown: 'event-unknown' }}`
