import type { IncomingMessage } from 'node:http'
import type { Payload } from '@temporalio/common'
import { z } from 'zod'
import { Refusal } from './refusal.ts'

const base64 = z
  .string()
  .regex(/^[\w+/-]*={0,2}$/, 'is not base64')
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))

/** The body of Temporal's remote codecs: protobuf's JSON, in which bytes are base64, and empty fields are left out. */
const body = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), base64).nullish(), data: base64.nullish() })).nullish(),
})

/** @throws Refusal 413 above the bound, 400 where it is no list of payloads; what was sent is not in its text */
export async function readPayloads(request: IncomingMessage, maxBytes: number): Promise<Payload[]> {
  const json = parsed(await readBody(request, maxBytes))
  const { data, error } = body.safeParse(json)
  if (data) return (data.payloads ?? []).map(({ metadata, data: bytes }) => ({ metadata: metadata ?? {}, data: bytes ?? new Uint8Array() }))
  const [issue] = error.issues
  const place = issue?.path.map((part) => (typeof part === 'number' ? part : /^(payloads|metadata|data)$/.test(String(part)) ? String(part) : '…')).join('.')
  throw malformed(`the body must be {"payloads":[{"metadata":{"NAME":"BASE64"},"data":"BASE64"}]}; wrong is ${place === '' ? 'the whole' : (place ?? 'the whole')}`)
}

export function writePayloads(payloads: readonly Payload[]): string {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  return JSON.stringify({
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, bytes]) => [name, text(bytes)])),
      data: text(data ?? new Uint8Array()),
    })),
  })
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Read on without keeping it: a sender that is cut off in the middle would not see the answer.
    if (bytes <= maxBytes) chunks.push(chunk)
  }
  if (bytes > maxBytes) throw new Refusal(413, 'body-too-large', `the body has ${bytes} bytes; at most ${maxBytes} are accepted, so send fewer payloads at once`)
  return Buffer.concat(chunks)
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw malformed('the body is not JSON')
  }
}

const malformed = (message: string): Refusal => new Refusal(400, 'body-malformed', message)
