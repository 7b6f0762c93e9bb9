import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClient, type TurnEvent } from '../../clients/typescript/src/index.ts'
import { toItsEnd } from '../support/to-its-end.ts'

const told = Array.from({ length: 6 }, (_, index) => ({ type: 'message', id: String(index + 1), turn: 1, seq: index + 1, message: { text: `é${index}` } }))
const end = { type: 'end', id: '6.end.1', turn: 1, eventId: 'e', end: 'completed', replies: [] }
const events = [...told, end] as unknown as readonly TurnEvent[]

const written = (event: { readonly id: string; readonly type: string }): string => `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
const headers = { 'content-type': 'text/event-stream' }

/** A stream that is cut off, or closed, after so many bytes. */
function cutStream(text: string, { bytes, how }: { readonly bytes: number; readonly how: 'closed' | 'broken' | 'bye' }): Response {
  const whole = new TextEncoder().encode(text)
  const part = whole.subarray(0, bytes % (whole.length + 1))
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(part)
      if (how === 'bye' && part.length === whole.length) controller.enqueue(new TextEncoder().encode('event: bye\ndata: {"reason":"age"}\n\n'))
      if (how === 'broken') queueMicrotask(() => controller.error(new TypeError('terminated')))
      else controller.close()
    },
  })
  return new Response(body, { headers })
}

const cut = fc.record({ bytes: fc.nat({ max: 1_000 }), how: fc.constantFrom('closed', 'broken', 'bye') })

describe('a stream', () => {
  test('that is cut off anywhere, any number of times, tells each event once, in order [http:client http:stream]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 3 }), fc.boolean(), async (cuts, ofTurn) => {
        const left = [...cuts]
        const keys = new Set<string | null>()
        const fetch = (url: string, init: RequestInit): Promise<Response> => {
          const sent = new Headers(init.headers)
          keys.add(sent.get('idempotency-key'))
          const after = sent.get('last-event-id') ?? new URL(url).searchParams.get('after') ?? '0'
          const rest = events.slice(events.findIndex(({ id }) => id === after) + 1).map(written).join('')
          const text = ofTurn ? `retry: 2000\n\nevent: accepted\ndata: {"eventId":"e","position":0}\n\n${rest}` : `retry: 2000\n\n${rest}`
          return Promise.resolve(cutStream(text, left.shift() ?? { bytes: new TextEncoder().encode(text).length, how: 'closed' }))
        }
        const client = createClient({ url: 'http://server', fetch })
        let accepted = 0
        expect(await toItsEnd(ofTurn ? client.stream('ada', 'Hi', { onAccepted: () => (accepted += 1) }) : client.watch('ada', { after: 0 }))).toEqual(events)
        expect([accepted, keys.size]).toEqual([ofTurn ? 1 : 0, 1])
      }),
      { numRuns: 15 },
    )
  })

  test('says where it begins, and goes on from there where it is cut off before the first event [http:client]', async () => {
    const asked: string[] = []
    const answers = ['id: 3\n\n', written(events[3] ?? expect.fail()), events.slice(4).map(written).join('')]
    const client = createClient({ url: 'http://server', fetch: (url) => (asked.push(new URL(url).search), Promise.resolve(new Response(answers.shift(), { headers }))) })
    const begun: string[] = []
    expect(await toItsEnd(client.watch('ada', { event: 'e', onBegun: (id) => begun.push(id) }))).toEqual(events.slice(3))
    expect([begun, asked]).toEqual([['3'], ['?event=e', '?after=3', '?after=4']])
    asked.length = 0
    answers.push('id: 0\n\n', written(end))
    await client.watch('ada').next()
    answers.push(written(end))
    await client.watch('ada', { after: 7 }).next()
    expect(asked).toEqual(['', '?after=1%7E0', '?after=%7E7'])
  })

  test('tells an error of the server, and that an agent was deleted whose place is no longer one [http:client]', async () => {
    const problem = (status: number, code: string) => JSON.stringify({ status, code, detail: `it is ${code}` })
    const failing = (...answers: readonly Response[]) => {
      const left = [...answers]
      return createClient({ url: 'http://server', fetch: () => Promise.resolve(left.shift() ?? expect.fail()) })
    }
    await expect(failing(new Response(`event: problem\ndata: ${problem(410, 'agent-archived')}\n\n`, { headers })).watch('ada').next()).rejects.toMatchObject({ code: 'agent-archived' })
    const refused = () => new Response(problem(400, 'invalid-argument'), { status: 400, headers: { 'content-type': 'application/problem+json' } })
    await expect(failing(refused()).watch('ada', { after: 'x' }).next()).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(failing(new Response('id: 3\n\n', { headers }), refused()).watch('ada').next()).rejects.toMatchObject({ code: 'agent-unknown' })
    // The agent that was watched is one of the name: another one is told of only where somebody begins anew.
    const replaced = () => new Response(written({ type: 'replaced', id: '2~0' }), { headers })
    await expect(failing(new Response('id: 0\n\n', { headers }), replaced()).watch('ada').next()).rejects.toMatchObject({ code: 'agent-unknown' })
    expect(await failing(replaced()).watch('ada', { after: '3' }).next()).toMatchObject({ value: { type: 'replaced', id: '2~0' } })
  })

  test('whose reader leaves, by the loop, by return or by its signal, lets go of its connection [http:client]', async () => {
    let open = 0
    const fetch = (): Promise<Response> => {
      open += 1
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode(`id: 0\n\n${written(events[0] ?? expect.fail())}`)),
        cancel: () => void (open -= 1),
      })
      return Promise.resolve(new Response(body, { headers }))
    }
    const client = createClient({ url: 'http://server', fetch })
    const leaving = new AbortController()
    const [broken, returned, signalled] = [client.watch('ada'), client.watch('ada'), client.watch('ada', { signal: leaving.signal })]
    for await (const event of broken) if (event.id === '1') break
    for (const watched of [returned, signalled]) await watched.next()
    const waiting = [returned.next(), signalled.next()]
    await returned.return?.()
    leaving.abort()
    expect((await Promise.all(waiting)).map(({ done }) => done)).toEqual([true, true])
    await expect.poll(() => open).toBe(0)
  })

  test('has begun before whatever its client sends next is sent [http:client live:watch]', async () => {
    const order: string[] = []
    const client = createClient({
      url: 'http://server',
      fetch: async (url, { method }) => {
        order.push(`${method ?? ''} ${new URL(url).pathname.split('/').at(-1) ?? ''}`)
        if (method === 'POST') return Response.json({ eventId: 'e', position: 0 })
        const begin = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
          order.push('begun')
          controller.enqueue(new TextEncoder().encode('id: 0\n\n'))
        }
        return new Response(new ReadableStream<Uint8Array>({ start: (controller) => void setTimeout(begin, 20, controller) }), { headers })
      },
    })
    const watched = client.watch('ada')
    await client.post('ada', 'Hi')
    await watched.return?.()
    expect(order).toEqual(['GET events', 'begun', 'POST messages'])
  })
})
