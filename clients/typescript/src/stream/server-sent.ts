/** One event of a stream. */
export interface ServerSent {
  /** The latest that was told, with this event or before it. */
  readonly id: string | undefined
  readonly event: string
  readonly data: string
}

/**
 * Reads `text/event-stream`, however its bytes are cut. An id that comes without data is an event too, without a name. What is not
 * complete when the stream ends was not told.
 */
export async function* serverSentOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<ServerSent> {
  const decoder = new TextDecoder()
  /** Of a line whose end has not come: it may have megabytes, which are put together once. */
  let begun: string[] = []
  let id: string | undefined
  let block: string[] = []
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true })
    if (text === '') continue
    // A `\r` at the end may be the first half of a line's end.
    const ends = /[\r\n]/.test(text) || begun.at(-1)?.endsWith('\r') === true
    begun.push(text)
    if (!ends) continue
    const lines = begun.join('').split(/\r\n|\n|\r(?!$)/)
    begun = [lines.pop() ?? '']
    for (const line of lines) {
      if (line !== '') {
        block.push(line)
        continue
      }
      const fields = block.map(fieldOf)
      block = []
      const named = fields.findLast(({ name, value }) => name === 'id' && !value.includes('\0'))
      if (named !== undefined) id = named.value
      const data = fields.filter(({ name }) => name === 'data').map(({ value }) => value)
      if (data.length > 0 || named !== undefined) yield { id, event: fields.findLast(({ name }) => name === 'event')?.value ?? '', data: data.join('\n') }
    }
  }
}

/** A comment has the name ''. */
function fieldOf(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':')
  if (colon < 0) return { name: line, value: '' }
  return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') }
}
