import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunksOf } from '../../clients/typescript/src/stream/chunks.ts'
import { serverSentOf, type ServerSent } from '../../clients/typescript/src/stream/server-sent.ts'

/** What is read of this text, whose bytes come in pieces that end there. */
async function read(text: string, cuts: readonly number[] = []): Promise<readonly ServerSent[]> {
  const bytes = new TextEncoder().encode(text)
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((one, other) => one - other), bytes.length]
  async function* pieces(): AsyncGenerator<Uint8Array> {
    await Promise.resolve()
    for (const [index, end] of ends.entries()) yield bytes.subarray(ends[index - 1] ?? 0, end)
  }
  const all: ServerSent[] = []
  for await (const sent of serverSentOf(pieces())) all.push(sent)
  return all
}

const stream = 'retry: 2000\n\nid: 12.end.3\n\n: still here\n\nid: 13.turn\nevent: turn\ndata: {"é":"😀"}\n\nevent: bye\ndata: {\ndata:  }\n\n'
const heard = [
  { id: '12.end.3', event: '', data: '' },
  { id: '13.turn', event: 'turn', data: '{"é":"😀"}' },
  { id: '13.turn', event: 'bye', data: '{\n }' },
]

describe('server-sent events', () => {
  test('are the same however their bytes are cut, and whichever way their lines end [http:client]', async () => {
    expect(await read(stream)).toEqual(heard)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat()), async (end, cuts) => {
        // The last line's end is known to be whole by what follows it.
        expect(await read(`${stream.replaceAll('\n', end)}: more${end}${end}`, cuts)).toEqual(heard)
      }),
    )
  })

  test('of many megabytes are read in a time that grows with them, not with its square [http:client]', async () => {
    const text = `id: 1\nevent: message\ndata: ${'x'.repeat(16 * 1024 * 1024)}\n\n`
    const cuts = Array.from({ length: 4_096 }, (_, index) => index * 4 * 1024)
    const before = performance.now()
    expect((await read(text, cuts))[0]?.data.length).toBe(16 * 1024 * 1024)
    expect(performance.now() - before).toBeLessThan(3_000)
  })

  test('that are not complete when the stream ends were not told [http:client]', async () => {
    for (let end = 0; end < stream.length; end += 1) {
      const told = await read(stream.slice(0, end))
      expect(told).toEqual(heard.slice(0, told.length))
    }
  })

  test('of a connection that has become silent are over, and the connection is let go [http:client]', async () => {
    let open = true
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(stream)),
      cancel: () => void (open = false),
    })
    const told: ServerSent[] = []
    for await (const sent of serverSentOf(chunksOf(body, new AbortController().signal, 1))) told.push(sent)
    expect([told, open]).toEqual([heard, false])
  })
})
