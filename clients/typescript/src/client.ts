import type { PerdureClient } from '../../../src/index.ts'
import { agentMethods } from './agents.ts'
import { callMethods, toolServing } from './calls.ts'
import { controlMethods } from './control.ts'
import { documentMethods } from './documents.ts'
import { memoryMethods } from './memory.ts'
import { messageMethods } from './messages.ts'
import { createRequests } from './requests.ts'
import { streamMethods, type StreamMethods } from './stream/streams.ts'

export interface ClientOptions {
  /** Where `perdure serve` answers. Default `http://127.0.0.1:8283`; in a page that it serves itself `location.origin`. */
  readonly url?: string
  /** An access key; a server without keys answers its own machine without one. */
  readonly key?: string
  /** Milliseconds for which a server that does not answer is asked again. Default: a minute. */
  readonly patienceMs?: number
  /** In place of the global one. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/**
 * The client of Perdure over HTTP: the same methods, arguments, results and errors as the client in process, with one more (`stream`).
 *
 * A server that is away is asked again for `patienceMs`, under the same id, so that nothing is done twice; then `server-unavailable` is
 * thrown. What was accepted, and what is watched, is waited for as long as it takes, at whichever server answers at `url`. Requests beyond a
 * key's rate are made when the server takes them again.
 *
 * What HTTP does not carry:
 * - What says that something was done before (`repeated`, `already`, `created`, `unchanged`) may also mean an earlier try of the same call,
 *   where its answer was lost; of a `send` without `eventId` it never does.
 * - `send` waits for at least five seconds, and for 50 at most, for its acceptance (`acceptMs`); `post` and `signal` heed no `acceptMs`.
 *   `onAccepted` costs a request more, and is called once.
 * - Ids (`eventId`, `commandId`) have no characters beyond ÿ, and no space at their ends.
 * - `loadDocuments` loads some files at a time, each some with an event of its own for the agent. It has no `path` of a file, and its
 *   `onProgress` tells only what was loaded so far.
 * - `hasEvent` of an archived agent knows only of events that had their turn; of others it throws `agent-archived`.
 * - `create` and `importConversation` give an agent the server's model and window where the input names none.
 * - The command `define` is `update` here; an `archive` with `erase` is `delete`, and its answer has no text.
 * - What a `stream` or `watch` tells of how things stand (`waiting`, `parked`, `memory`, `delta`) may be missing after it was cut off;
 *   what is stored never is.
 */
export interface HttpClient extends PerdureClient, StreamMethods {}

const usualUrl = 'http://127.0.0.1:8283'
const usualPatienceMs = 60_000

/** It holds no connection, and needs no closing. */
export function createClient({ url = usualUrl, key, patienceMs = usualPatienceMs, fetch = (at, init) => globalThis.fetch(at, init) }: ClientOptions = {}): HttpClient {
  const requests = createRequests({ url, key, patienceMs, fetch })
  const calls = callMethods(requests)
  const streams = streamMethods(requests)
  return {
    ...agentMethods(requests),
    ...messageMethods(requests),
    ...memoryMethods(requests),
    ...controlMethods(requests),
    ...documentMethods(requests),
    ...calls,
    ...streams,
    ...toolServing({ ...calls, ...streams }),
  }
}
