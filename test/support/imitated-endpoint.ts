import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  /** `POST /v1/chat/completions`. */
  readonly route: string
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: Readonly<Record<string, unknown>>
}

export interface GivenAnswer {
  readonly status?: number
  readonly body: unknown
  /** Default `application/json`. */
  readonly type?: string
  /** The connection breaks after the body, before the answer's end. */
  readonly breaks?: true
}

export interface ImitatedEndpoint {
  /** Ends in `/v1`. */
  readonly url: string
  readonly requests: readonly SeenRequest[]
  close(): Promise<void>
}

/** A model's endpoint that answers as a real one was seen to. A text is sent as it is, anything else as JSON; `undefined` never answers. */
export async function imitateEndpoint(answer: (request: SeenRequest, number: number) => GivenAnswer | undefined): Promise<ImitatedEndpoint> {
  const requests: SeenRequest[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const asked = Buffer.concat(chunks).toString('utf8')
      const body = asked === '' ? {} : (JSON.parse(asked) as Record<string, unknown>)
      const request = { route: `${incoming.method ?? ''} ${incoming.url ?? ''}`, headers: incoming.headers, body }
      requests.push(request)
      const given = answer(request, requests.length)
      if (given === undefined) return
      response.writeHead(given.status ?? 200, { 'content-type': given.type ?? 'application/json' })
      const text = typeof given.body === 'string' ? given.body : JSON.stringify(given.body)
      if (given.breaks) response.write(text, () => response.destroy())
      else response.end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A chat completion with this message. */
export const completion = (message: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, unknown>> = {}, finish = 'stop'): GivenAnswer => ({
  body: { id: 'c', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }], ...rest },
})

/** An answer as server-sent events: each chunk is the body of one, a text is sent as it is. */
export const eventStream = (chunks: readonly unknown[], more: Partial<GivenAnswer> = {}): GivenAnswer => ({
  type: 'text/event-stream; charset=utf-8',
  body: chunks.map((chunk) => (typeof chunk === 'string' ? chunk : `data: ${JSON.stringify(chunk)}\n\n`)).join(''),
  ...more,
})
