import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { abortWith } from '../../client/abort-with.ts'
import type { AppOptions } from '../app-options.ts'
import { eventStream } from './event-stream.ts'
import type { ServerSent, Wire } from './server-sent.ts'

/**
 * Answers a request by a stream.
 * @param begin what it throws at once is answered as an error is; its signal is aborted when the stream is over, whyever
 */
export async function streamAnswer(
  { req: { raw }, env }: Context,
  { stopping, onError }: Pick<AppOptions, 'stopping' | 'onError'>,
  begin: (leave: AbortSignal) => Promise<AsyncIterable<ServerSent>>,
  wire?: Wire,
): Promise<Response> {
  const over = new AbortController()
  // A stream that has begun takes its leave by an event; what it waits for until then ends at once.
  const letGo = abortWith(over, raw.signal, stopping)
  try {
    const events = await begin(over.signal)
    // Absent where the server has no port.
    const bindings = env as HttpBindings | undefined
    return eventStream({ events, over, gone: raw.signal, stopping, cut: () => bindings?.outgoing.destroy(), onError: (error) => onError(error, raw), ...(wire && { wire }) })
  } catch (error) {
    over.abort()
    throw error
  } finally {
    letGo()
  }
}
