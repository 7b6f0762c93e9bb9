import { problemOf } from '../problem.ts'

/** One event on the wire. */
export interface ServerSent {
  /** What `Last-Event-ID` names to go on after it. Absent: it keeps the one before. */
  readonly id?: string
  /** Absent: it has no name, or only the id is told. */
  readonly event?: string
  /** Written as JSON; a string as it is. */
  readonly data?: unknown
}

/** What a protocol says at the edges of its streams. */
export interface Wire {
  readonly opening: string
  problem(error: unknown): ServerSent
  bye(reason: 'shutting-down' | 'age'): ServerSent
}

/** A browser comes again after two seconds. */
export const nativeWire: Wire = {
  opening: 'retry: 2000\n\n',
  problem: (error) => ({ event: 'problem', data: problemOf(error) }),
  bye: (reason) => ({ event: 'bye', data: { reason } }),
}

/** In the form of `text/event-stream`; neither JSON nor what stands as it is has line breaks. */
export function serverSentText({ id, event, data }: ServerSent): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  const lines = [...(id === undefined ? [] : [`id: ${id}`]), ...(event === undefined ? [] : [`event: ${event}`]), ...(data === undefined ? [] : [`data: ${text}`])]
  return `${lines.join('\n')}\n\n`
}
