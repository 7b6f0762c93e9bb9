export interface ServerSentEvent {
  /** Undefined where the event has no name. */
  readonly name: string | undefined
  readonly data: string
}

/** Server-sent events that have data. Comments and ids are left out; a last event that no empty line follows counts. */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  let name: string | undefined
  let data: string[] = []
  const take = function* (lines: readonly string[]): Generator<ServerSentEvent> {
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { name, data: data.join('\n') }
        name = undefined
        data = []
      } else if (line.startsWith('data:')) data.push(valueOf(line))
      else if (line.startsWith('event:')) name = valueOf(line)
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

/** What follows a field's name, without the one space that may stand before it. */
const valueOf = (line: string): string => line.slice(line.indexOf(':') + 1).replace(/^ /, '')
