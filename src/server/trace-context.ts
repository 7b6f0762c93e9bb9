import { randomBytes } from 'node:crypto'
import type { RequestTrace } from '../protocol/observation.ts'

const sampledFlag = 1

/** The trace that the caller's `traceparent` names (W3C Trace Context), or a new one where it names none. */
export function traceOf(traceparent: string | null): RequestTrace {
  const [, version = '', traceId = '', parentSpanId = '', flags = '', more] = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(traceparent ?? '') ?? []
  // Of version 00 there is no more than this, and zeros name nothing.
  const named = version !== '' && version !== 'ff' && !(version === '00' && more !== undefined) && /[^0]/.test(traceId) && /[^0]/.test(parentSpanId)
  if (!named) return { traceId: randomBytes(16).toString('hex'), sampled: true }
  return { traceId, parentSpanId, sampled: (Number.parseInt(flags, 16) & sampledFlag) === sampledFlag }
}
