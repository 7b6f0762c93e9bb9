import type { IncomingMessage } from 'node:http'

/** A request that is answered with this status and message. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** @throws RequestError 413 above the bound, 400 where it is no JSON */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Read the rest without keeping it: a sender that is cut off in the middle would not see the answer.
    if (bytes <= maxBytes) chunks.push(chunk)
  }
  if (bytes > maxBytes) throw new RequestError(413, `the body has ${bytes} bytes; at most ${maxBytes} are accepted`)
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new RequestError(400, 'the body is not JSON')
  }
}
