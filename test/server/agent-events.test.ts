import { describe, expect, test } from 'vitest'
import type { PerdureClient } from '../../src/client/client.ts'
import type { WatchOptions } from '../../src/client/watch/watch.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { httpOf } from '../support/http.ts'

const archived = () => new PerdureError('agent-archived', 'it was archived')

/** An agent whose latest message is 12, and what a watcher of it is told. */
function eventsOf(watched: () => AsyncGenerator<object>, agent: object = {}, onError?: (error: unknown) => void) {
  const watch = (_agent: string, { after, onBegun }: WatchOptions) => {
    if (after === undefined) onBegun?.('12.end.3')
    return watched()
  }
  const client = { get: () => Promise.resolve(agent), watch } as unknown as PerdureClient
  const http = httpOf(client, onError && { onError })
  return (query: string, init?: RequestInit) => http.fetch(`/api/v1/agents/ada/events?${query}`, init)
}
async function* none(error?: Error): AsyncGenerator<object> {
  await Promise.resolve()
  yield* []
  if (error) throw error
}

describe('the events of an agent over HTTP', () => {
  test('begin with the place where the watching itself began [http:stream]', async () => {
    expect(await (await eventsOf(none)('')).text()).toBe('retry: 2000\n\nid: 12.end.3\n\n')
  })

  test('are refused where the watching is, before anything is told [http:stream]', async () => {
    const refused = new PerdureError('invalid-argument', 'the agent has not come to that')
    expect((await eventsOf(() => none(refused))('after=13')).status).toBe(400)
  })

  test('are not begun for HEAD, which would leave them for ever [http:stream]', async () => {
    const head = await eventsOf(() => expect.fail('it was watched'))('', { method: 'HEAD' })
    expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET'])
  })

  test('of an archived one are told to their end, and after it refused, so that no reader comes again for ever [http:stream]', async () => {
    const left = async function* () {
      yield { type: 'end', id: '12.end.3' }
      yield* none(archived())
    }
    const told = await eventsOf(left, { archivedAt: '2026-01-01T00:00:00Z' })('after=12')
    expect([told.status, await told.text()]).toEqual([200, expect.stringMatching(/id: 12\.end\.3\n[\s\S]*"code":"agent-archived"/)])
    expect((await eventsOf(() => none(archived()), { archivedAt: '2026-01-01T00:00:00Z' })('after=12.end.3')).status).toBe(410)
  })

  test('tell the log of an error that nobody foresaw, and the reader only that there was one [http:stream]', async () => {
    const seen: unknown[] = []
    const secret = new Error('what somebody wrote')
    const text = await (await eventsOf(() => none(secret), {}, (error) => seen.push(error))('after=12')).text()
    expect([seen, text.includes('"code":"internal"'), text.includes(secret.message)]).toEqual([[secret], true, false])
  })
})
