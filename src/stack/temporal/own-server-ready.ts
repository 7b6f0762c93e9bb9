import { once } from 'node:events'
import { connect, constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { untilAnswers, type WaitOptions } from './until-answers.ts'

/**
 * Waits until a server that listens without TLS on this machine answers for that namespace. The question is put in gRPC as it is on the wire: the SDK's
 * client, which asks it of other servers, takes a third of a second to load, and the supervisor needs it for nothing else.
 * @throws PerdureError `server-unavailable` when it does not in time
 */
export function waitForOwnServer(target: { readonly address: string; readonly namespace: string }, options: WaitOptions): Promise<void> {
  return untilAnswers(target, options, (withinMs) => answersOnce(target, withinMs))
}

async function answersOnce({ address, namespace }: { readonly address: string; readonly namespace: string }, withinMs: number): Promise<void> {
  const signal = AbortSignal.timeout(withinMs)
  const session = connect(`http://${address}`)
  const failed = once(session, 'error', { signal }).then(([error]) => Promise.reject(error as Error))
  try {
    const request = session.request(
      { [constants.HTTP2_HEADER_METHOD]: 'POST', [constants.HTTP2_HEADER_PATH]: `${service}/DescribeNamespace`, 'content-type': 'application/grpc', te: 'trailers' },
      { signal },
    )
    await Promise.race([failed, succeeds(request.end(framed(firstField(namespace))).resume())])
  } finally {
    session.destroy()
  }
}

const service = '/temporal.api.workflowservice.v1.WorkflowService'
const okStatus = '0'

/** A refusal comes with the head of the answer, where there is nothing else to answer. */
async function succeeds(request: ClientHttp2Stream): Promise<void> {
  let said: IncomingHttpHeaders = {}
  request.on('response', (head) => (said = { ...said, ...head })).on('trailers', (trailers: IncomingHttpHeaders) => (said = { ...said, ...trailers }))
  await once(request, 'close')
  if (said['grpc-status'] !== okStatus) throw new Error(String(said['grpc-message'] ?? 'no answer'))
}

/** The string that is the first field of a message, in protobuf's encoding. */
function firstField(text: string): Buffer {
  const bytes = Buffer.from(text)
  const [low, high] = [bytes.length % 128, Math.floor(bytes.length / 128)]
  return Buffer.from([0x0a, ...(high === 0 ? [low] : [low + 128, high]), ...bytes])
}

/** One message of a gRPC stream: not compressed, and how long it is. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}
