import { expect, test } from 'vitest'
import type { PerdureClient } from '../../src/client/client.ts'
import { httpOf } from '../support/http.ts'
import { leftAt } from '../support/left-at.ts'

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
