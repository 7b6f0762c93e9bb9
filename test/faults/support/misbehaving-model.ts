import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** How an endpoint answers one request, well or badly. */
export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void

export interface TimesAsked {
  /** When each request for a step came, epoch milliseconds. */
  readonly asked: readonly number[]
}

/** An endpoint with OpenAI's protocol that misbehaves as told, for any number of models, each of them one test's. */
export interface MisbehavingModel {
  readonly url: string
  /** What the model does at its first, second, … request for a step; after the last it answers. Requests for a summary are answered. */
  behave(model: string, behaviours: readonly Behaviour[]): TimesAsked
  close(): Promise<void>
}

export async function startMisbehavingModel(): Promise<MisbehavingModel> {
  const scripts = new Map<string, { readonly behaviours: Behaviour[]; readonly asked: number[] }>()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url === circle) { redirectsInCircles(response, request); return; }
    const { model, tools = [] } = (await json(request)) as { readonly model: string; readonly tools?: readonly unknown[] }
    const script = scripts.get(model)
    if (tools.length === 0) { completion({ content: 'They talked.' })(response, request); return; }
    script?.asked.push(Date.now())
    const behaviour = script?.behaviours.shift() ?? sends('Here I am.')
    behaviour(response, request)
  }
  const server = createServer((request, response) => {
    response.on('error', () => undefined)
    answer(request, response).catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    behave: (model, behaviours) => {
      const script = { behaviours: [...behaviours], asked: [] as number[] }
      scripts.set(model, script)
      return script
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** An error as OpenAI's protocol has it. */
export const refuses =
  (status: number, error: Readonly<Record<string, unknown>> = { message: 'no' }, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }))
  }

/** A body that is no error's, under any content type. */
export const writes =
  (body: string, contentType = 'application/json', status = 200): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-type': contentType }).end(body)
  }

export interface RawCall {
  readonly id?: string
  readonly name: string
  readonly arguments: string
}

export const completionBody = (message: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ id: 'x', object: 'chat.completion', choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', ...message } }], usage: { prompt_tokens: 500, completion_tokens: 10 } })

export const completion = (message: Readonly<Record<string, unknown>>): Behaviour => writes(completionBody(message))

/** Messages of the model, to be answered with. */
export const calling = (...made: readonly RawCall[]): Readonly<Record<string, unknown>> => ({
  content: null,
  tool_calls: made.map(({ id, name, arguments: text }, index) => ({ id: id ?? `call-${index}`, type: 'function', function: { name, arguments: text } })),
})
export const sending = (message: string): Readonly<Record<string, unknown>> => calling({ name: 'send_message', arguments: JSON.stringify({ message }) })

export const calls = (...made: readonly RawCall[]): Behaviour => completion(calling(...made))
export const sends = (message: string): Behaviour => completion(sending(message))

/** Never says a thing. */
export const isSilent: Behaviour = () => undefined

/** Begins a body and resets the connection in the middle of it. */
export const breaksOff: Behaviour = (response) => {
  const body = completionBody({ content: 'It breaks off here.' })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.write(body.slice(0, body.length / 2), () => response.socket?.resetAndDestroy())
}

/** A body that never ends, as fast as it is taken, or byte by byte. */
export const goesOnForEver =
  ({ everyMs }: { readonly everyMs?: number } = {}): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices": [')
    const piece = everyMs === undefined ? ' '.repeat(256 * 1024) : ' '
    const more = (): void => {
      if (response.destroyed) return
      if (everyMs !== undefined) setTimeout(() => response.write(piece, more), everyMs)
      else response.write(piece, () => setImmediate(more))
    }
    more()
  }

const circle = '/v1/circle'

export const redirectsInCircles: Behaviour = (response) => {
  response.writeHead(307, { location: circle }).end()
}
