import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChatModel, Embedder } from '../../model/model.ts'
import { chatCompletion, chatCompletionChunks, type AnswerHead } from './chat-answer.ts'
import { readChatBody } from './chat-body.ts'
import { embeddingsAnswer } from './embeddings.ts'
import { errorAnswer } from './error-answer.ts'
import { readJsonBody, RequestError } from './read-body.ts'

export interface ServeModelOptions {
  readonly model: ChatModel
  /** The names that `GET /v1/models` lists. Default: one name. Requests may name any model; the name is handed on. */
  readonly modelNames?: readonly string[]
  readonly embedder?: Embedder
  /** Default: any free port. */
  readonly port?: number
  /** Default: this machine only. There is no authentication. */
  readonly host?: string
  /** Milliseconds before each piece of a streamed answer, as a model takes to write it. Default: none. */
  readonly pauseMs?: number
  /** Bytes of a request's body. Default 32 MiB. */
  readonly maxBodyBytes?: number
}

export interface ServedModel {
  /** Base URL for clients, ending in `/v1`. */
  readonly url: string
  readonly port: number
  /** Ends running requests as well: their signals are aborted. */
  close(): Promise<void>
}

/** Puts any model behind the OpenAI protocol: for tests with a scripted model, and for other programs to use the simulated one. */
export async function serveModel(options: ServeModelOptions): Promise<ServedModel> {
  const { host = '127.0.0.1' } = options
  const server = createServer((request, response) => void handle(options, request, response))
  await listening(server, options.port ?? 0, host)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      }),
  }
}

/** Answers whatever comes; never rejects. */
async function handle(options: ServeModelOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  // A connection that breaks during a write is over; the `close` event ends the request.
  response.on('error', () => undefined)
  try {
    await route(options, request, response, gone.signal)
  } catch (error) {
    if (gone.signal.aborted || response.headersSent) {
      response.destroy()
      return
    }
    const { status, headers, body } = errorAnswer(error)
    send(response, status, body, headers)
  }
}

async function route(options: ServeModelOptions, request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const { modelNames = ['perdure-simulated'], embedder, maxBodyBytes = 32 * 1024 * 1024 } = options
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  switch (`${request.method ?? ''} ${path}`) {
    case 'POST /v1/chat/completions':
      await answerChat(options, await readJsonBody(request, maxBodyBytes), response, signal)
      break
    case 'POST /v1/embeddings': {
      if (embedder === undefined) throw new RequestError(404, 'this server has no embeddings')
      send(response, 200, await embeddingsAnswer(embedder, await readJsonBody(request, maxBodyBytes), signal))
      break
    }
    case 'GET /v1/models': {
      const names = [...modelNames, ...(embedder === undefined ? [] : [embedder.model])]
      send(response, 200, { object: 'list', data: names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'perdure' })) })
      break
    }
    case 'GET /health':
      send(response, 200, { status: 'ok' })
      break
    default:
      throw new RequestError(
        404,
        `nothing is at ${request.method ?? ''} ${path}: there are POST /v1/chat/completions, POST /v1/embeddings, GET /v1/models and GET /health`,
      )
  }
}

async function answerChat({ model, pauseMs = 0 }: ServeModelOptions, json: unknown, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const { request, stream, includeUsage } = readChatBody(json)
  const reply = await model.complete(request, signal)
  const head: AnswerHead = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: request.model }
  if (!stream) {
    send(response, 200, chatCompletion(head, reply))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  for (const chunk of chatCompletionChunks(head, reply, includeUsage)) {
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal })
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  }
  response.end('data: [DONE]\n\n')
}

function send(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
