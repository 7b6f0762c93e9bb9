/**
 * Whoever may send a signal, complete an activity or start a workflow may do so with a payload that is no JSON: the Web UI has JSON/Protobuf one
 * click beside JSON/Plain. The SDK's converter throws for it, which fails the workflow's task, and each later task of its run. So in the sandbox
 * what can't be read is a value, which is refused where a value of that form is. Temporal's bundler loads this file by its path.
 *
 * What can't be decrypted still fails the task: a worker that has the key reads it.
 */
import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/common'
import { unreadable } from '../protocol/unreadable.ts'

export const payloadConverter: PayloadConverter = {
  toPayload: (value, context, hint) => defaultPayloadConverter.toPayload(value, context, hint),
  fromPayload: (payload, context, hint) => {
    try {
      return defaultPayloadConverter.fromPayload(payload, context, hint)
    } catch {
      return unreadable as never
    }
  },
}
