import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { PerdureClient } from '../../src/client/client.ts'
import { httpOf } from '../support/http.ts'
import { leftAt } from '../support/left-at.ts'
import { served } from '../support/served.ts'

test('a request, and a stream, leave nothing at the signal of the server\'s end when they are over [http:api http:stream]', async () => {
  const stopping = new AbortController()
  const client = {
    counts: () => Promise.resolve({ recall: 1, archival: 2 }),
    get: () => Promise.resolve({}),
    searchRecall: () => Promise.resolve({ total: 0, messages: [] }),
    watch: async function* () {
      await Promise.resolve()
      yield* []
    },
  } as unknown as PerdureClient
  const http = httpOf(client, { stopping: stopping.signal })
  for (const path of ['counts', 'events']) {
    const answer = await http.fetch(`/api/v1/agents/ada/${path}`)
    expect([answer.status, (await answer.text()).length > 0]).toEqual([200, true])
    await expect.poll(() => leftAt(stopping.signal)).toEqual([])
  }
})

test('a command is waited for no longer than its caller is there, and the server goes on [http:api]', async () => {
  const stopping = new AbortController()
  const heard: (AbortSignal | undefined)[] = []
  const waiting = (_agent: string, ...given: readonly unknown[]) => {
    const { signal } = given.at(-1) as { readonly signal?: AbortSignal }
    heard.push(signal)
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
  }
  const client = Object.fromEntries(['cancel', 'resume', 'command', 'delete', 'update', 'undoDefinition', 'setBudget', 'unschedule'].map((name) => [name, waiting])) as unknown as PerdureClient
  const http = httpOf(client, { stopping: stopping.signal })
  const commands = ['POST /cancel', 'POST /resume', 'POST /pop', 'POST /archive', 'POST /renew', 'DELETE ', 'PATCH ', 'POST /definitions/undo', 'PATCH /budget', 'DELETE /timers/tea']
  const answers = commands.map((command) => {
    const [method = '', path = ''] = command.split(' ')
    return http.ask(method, `/agents/ada${path}`, method === 'PATCH' ? { body: {} } : {})
  })
  await expect.poll(() => heard.length).toBe(commands.length)
  stopping.abort()
  expect(new Set((await Promise.all(answers)).map(({ body }) => body['code']))).toEqual(new Set(['shutting-down']))
  expect(heard.every((signal) => signal?.aborted)).toBe(true)
})

test('a caller that has gone is no error to the log; what fails beside it is one [http:api]', async () => {
  const told: unknown[] = []
  const broken = new Error('not foreseen')
  const failingWith = (error: (signal: AbortSignal) => Error) => {
    const cancel = (_agent: string, { signal }: { readonly signal: AbortSignal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(error(signal))))
    return httpOf({ cancel } as unknown as PerdureClient, { onError: (error) => told.push(error) })
  }
  const leave = async (error: (signal: AbortSignal) => Error): Promise<void> => {
    const leaving = new AbortController()
    const answer = failingWith(error).fetch('/api/v1/agents/ada/cancel', { method: 'POST', signal: leaving.signal })
    await new Promise(setImmediate)
    // As the port says it: no error.
    leaving.abort('Client connection prematurely closed.')
    await answer.catch(() => undefined)
  }
  await leave(({ reason }) => reason as Error)
  await leave(() => new DOMException('aborted', 'AbortError'))
  expect(told).toEqual([])
  await leave(() => broken)
  expect(told).toEqual([broken])
})

test('requests that a caller sent one behind the other are let go together with their connection [http:api http:stream]', async () => {
  const heard: AbortSignal[] = []
  const waiting = (signal: AbortSignal): Promise<never> => {
    heard.push(signal)
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  }
  const client = {
    get: () => Promise.resolve({ key: 'ada' }),
    outcome: (_agent: string, _event: string, { signal }: { readonly signal: AbortSignal }) => waiting(signal),
    watch: async function* (_agent: string, { signal }: { readonly signal: AbortSignal }) {
      yield await waiting(signal)
    },
  } as unknown as PerdureClient
  const server = await served(client)
  const { port, hostname, host } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  const paths = ['turns/a', 'turns/b', 'events?after=0', 'turns/c']
  socket.write(paths.map((path) => `GET /api/v1/agents/ada/${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`).join(''))
  await expect.poll(() => heard.length).toBe(paths.length)
  socket.destroy()
  await expect.poll(() => heard.map(({ aborted }) => aborted)).toEqual(paths.map(() => true))
  await server.close()
})
