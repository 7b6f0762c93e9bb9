import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client'

const firstPauseMs = 20
const longestPauseMs = 1_000

/**
 * For the connection under a client. A message that reaches an agent in the instant in which its workflow continues as new is
 * turned away with RESOURCE_EXHAUSTED, which Temporal's own interceptor takes for an overloaded server and answers with a pause
 * of one to two seconds. The next try would get through at once, so this one begins with short pauses.
 */
export const quickRetries: NonNullable<ConnectionOptions['interceptors']> = [
  makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 10, initialIntervalMs: () => firstPauseMs, maxIntervalMs: () => longestPauseMs })),
]
