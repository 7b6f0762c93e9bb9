import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client'

const firstPauseMs = 20
const longestPauseMs = 1_000

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number]
type Begin = ReturnType<Interceptor>['start']

/** Of gRPC: the call was cancelled. It is not tried again. */
const cancelled = 1

/**
 * A call that is tried again after its connection was closed throws, out of a timer, which ends the program. Here it fails for its caller,
 * as a call does that is in progress when its connection is closed.
 */
function failsWhenClosed(): Interceptor {
  const begun = new WeakSet<object>()
  const guarded = (...[options, nextCall]: Parameters<Interceptor>): unknown => {
    try {
      return nextCall(options)
    } catch (error) {
      // The first try throws to whoever makes the call.
      if (!begun.has(options)) throw error
      const nothing = (): void => undefined
      const start: Begin = (metadata, listener) => {
        const status: unknown = { code: cancelled, details: 'the connection was closed', metadata }
        listener?.onReceiveStatus?.(status as never)
      }
      return { start, sendMessage: nothing, sendMessageWithContext: nothing, startRead: nothing, halfClose: nothing, cancelWithStatus: nothing, getPeer: () => 'closed', getAuthContext: () => null }
    } finally {
      begun.add(options)
    }
  }
  return guarded as Interceptor
}

/**
 * For the connection under a client. A message that reaches an agent in the instant in which its workflow continues as new is
 * turned away with RESOURCE_EXHAUSTED, which Temporal's own interceptor takes for an overloaded server and answers with a pause
 * of one to two seconds. The next try would get through at once, so this one begins with short pauses.
 */
export const quickRetries: NonNullable<ConnectionOptions['interceptors']> = [
  makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 10, initialIntervalMs: () => firstPauseMs, maxIntervalMs: () => longestPauseMs })),
  failsWhenClosed(),
]
