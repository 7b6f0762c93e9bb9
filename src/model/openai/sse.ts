import { isJson } from '../../protocol/json.ts'

export interface ServerSentEvent {
  /** Undefined where the event has no name. */
  readonly name: string | undefined
  readonly data: string
}

/**
 * Server-sent events that have data. A line of a field `error`, as llama.cpp wrote it until the end of 2025, is an event of that name. Comments and ids are left out; a last event that no empty line follows counts. Some servers leave the empty
 * lines out: a line of data behind data that is whole begins another event.
 * @param isEvent whether a line that is no field is an event's data nevertheless: some servers leave out the field's name
 */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>, isEvent: (line: string) => boolean = () => false): AsyncGenerator<ServerSentEvent> {
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
      } else if (line.startsWith('data:')) {
        const value = valueOf(withoutPrefix(line))
        if (value.trim() !== '' && data.length > 0 && isWhole(data.join('\n'))) {
          yield { name, data: data.join('\n') }
          data = []
        }
        data.push(value)
      } else if (line.startsWith('event:')) name = valueOf(line)
      else if (/^error: ?\{/.test(line)) yield { name: 'error', data: valueOf(line) }
      else if (isEvent(line)) yield { name: undefined, data: line }
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

/** Nothing can follow in the same event: JSON that goes on behind an object is none. */
const isWhole = (data: string): boolean => (data.startsWith('{') && isJson(data)) || data.trim() === '[DONE]'

/** Some proxies write events into events: `data: data: {…}`. */
const withoutPrefix = (line: string): string => line.replace(/^(?:data: ?)+(?=data:)/, '')

/** What follows a field's name, without the one space that may stand before it. */
const valueOf = (line: string): string => line.slice(line.indexOf(':') + 1).replace(/^ /, '')
