import { limits } from '../../protocol/limits.ts'
import { ModelError } from '../model-error.ts'

/** Wraps fetch so that an endless body is broken off at `limits.modelAnswerBytes`, before it fills the worker's memory. */
export function boundedBodies(next: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await next(input, init)
    const { body, status, statusText, headers } = response
    return body === null ? response : new Response(body.pipeThrough(bounded(limits.modelAnswerBytes)), { status, statusText, headers })
  }
}

function bounded(most: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength
      if (bytes <= most) controller.enqueue(chunk)
      else controller.error(new ModelError('server-error', `the model's endpoint sent more than ${most} bytes and was cut off: no answer is that long; check its address`))
    },
  })
}
