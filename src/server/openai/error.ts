import { headersOf, problemOf } from '../problem.ts'
import { Refusal } from '../refusal.ts'
import type { ServerSent, Wire } from '../streams/server-sent.ts'

/** An error as OpenAI's clients read it, with our code. */
export function openAiError(error: unknown): { readonly status: number; readonly body: { readonly error: object } } {
  const { status, detail, code } = problemOf(error)
  const type = status === 429 ? 'rate_limit_error' : status < 500 ? 'invalid_request_error' : 'server_error'
  return { status, body: { error: { message: detail, type, param: null, code } } }
}

export function openAiErrorResponse(error: unknown): Response {
  const { status, body } = openAiError(error)
  return Response.json(body, { status, headers: headersOf(error) })
}

/** OpenAI's protocol knows no going on: its clients ask again, and get the same turn. @param told an error as an event of the stream */
export const openAiWire = (told: (body: { readonly error: object }) => ServerSent): Wire => ({
  opening: '',
  problem: (error) => told(openAiError(error).body),
  bye: () => told(openAiError(new Refusal('shutting-down', 'this stream ends; the turn goes on: ask the same again')).body),
})
