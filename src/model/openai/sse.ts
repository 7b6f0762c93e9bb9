/**
 * The data of server-sent events, one string an event. Comments, names and ids of events are left out; a last event that no empty line
 * follows counts.
 */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let data: string[] = []
  const take = function* (lines: readonly string[]): Generator<string> {
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield data.join('\n')
        data = []
      } else if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
    }
  }
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    // A CR at the very end may be half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    yield* take(lines)
  }
  yield* take([...(rest + decoder.decode()).split(/\r\n|\n|\r/), ''])
}
