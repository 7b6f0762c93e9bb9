import { expect } from 'vitest'
import { z } from 'zod'
import type { PerdureClient } from '../../src/client/client.ts'
import { createApp } from '../../src/server/app.ts'
import type { AppOptions } from '../../src/server/app-options.ts'
import { apiPath, routes } from '../../src/server/routes.ts'
import { usualServer } from './served.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

export interface HttpOptions {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Http {
  /** Of the native interface: what is answered was checked by the table's schema, or is a problem of a code and status that the table has. */
  ask(method: string, path: string, options?: HttpOptions): Promise<Answer>
  /** Anything, unchecked. */
  fetch(path: string, init?: RequestInit): Promise<Response>
}

/** The server without its port; without keys, unless it is given a check of some. */
export function httpOf(client: PerdureClient, options: Partial<AppOptions> = {}): Http {
  const app = createApp({
    clientOf: () => client,
    ...usualServer,
    stopping: new AbortController().signal,
    onError: (error) => {
      throw error
    },
    ...options,
  })
  const fetch = async (path: string, init: RequestInit = {}): Promise<Response> => app.request(`http://127.0.0.1:8283${path}`, { ...init, headers: { host: '127.0.0.1:8283', ...(init.headers as Record<string, string>) } })
  return {
    fetch,
    ask: async (method, path, { body, headers = {} } = {}) => {
      const json = body !== undefined && !(body instanceof FormData)
      const sent = body === undefined ? {} : { body: json ? JSON.stringify(body) : body }
      const response = await fetch(apiPath + path, { method, ...sent, headers: { ...(json && { 'content-type': 'application/json' }), ...headers } })
      const answer = (await response.json()) as Answer['body']
      check(method, path, response.status, answer)
      return { status: response.status, headers: response.headers, body: answer }
    },
  }
}

function check(method: string, path: string, status: number, answer: Answer['body']): void {
  const [bare = ''] = path.split('?')
  const route = routes.find((candidate) => candidate.method === method && new RegExp(`^${candidate.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare))
  if (route === undefined || status >= 400) return
  const { success, error, data } = route.answer.safeParse(answer)
  if (!success) throw new Error(`${route.operation} answers otherwise than the table says: ${z.prettifyError(error)}`)
  // What the schema does not know it leaves out.
  expect(answer, `what ${route.operation} answers is all in the table`).toEqual(data)
}
