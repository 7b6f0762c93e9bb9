import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { PayloadCodec } from '@temporalio/common'
import { listenAt } from '../http/listen-at.ts'
import { PerdureError } from '../protocol/errors.ts'
import type { CodecAccess } from './access.ts'
import { admittedOrigin, assertToken } from './serve/admission.ts'
import { readPayloads, writePayloads } from './serve/payloads-json.ts'
import { Refusal } from './serve/refusal.ts'

export interface ServeCodecOptions {
  readonly codec: PayloadCodec
  readonly access: CodecAccess
  /** The most bytes of a request's body. Default 8 MiB, which is more than a page of a history has. */
  readonly maxBodyBytes?: number
  /** Told of every request that was refused: action, status and code, neither token nor payload. */
  readonly onRefusal?: (line: string) => void
}

export interface ServedCodec {
  readonly url: string
  close(): Promise<void>
}

/**
 * Temporal's remote codec over HTTP, for its Web UI and command line: `POST /decode` and `POST /encode`, or with the token before it. With
 * a token one can read and write everything that the keys protect. There is no TLS: for use from other machines, put a proxy with TLS
 * before it.
 * @throws PerdureError `port-busy`, `config-invalid` for an address that this machine does not have
 */
export async function serveCodec(options: ServeCodecOptions): Promise<ServedCodec> {
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => void handle(options, request, response))
  const url = await listenAt(server, options.access.address, 'PERDURE_CODEC_ADDRESS')
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers whatever comes; never rejects. */
async function handle(options: ServeCodecOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on('error', () => undefined)
  response.setHeader('cache-control', 'no-store')
  response.setHeader('vary', 'Origin')
  const route = routeOf(request)
  try {
    const body = await answer(options, route, request, response)
    response.writeHead(body === undefined ? 204 : 200, body === undefined ? {} : { 'content-type': 'application/json' }).end(body)
  } catch (error) {
    const { status, code, message, headers } = refusalOf(error)
    options.onRefusal?.(`${request.method ?? ''} ${route?.action ?? '?'}: ${status} ${code}`)
    response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify({ error: { code, message } }))
  }
}

async function answer({ codec, access, maxBodyBytes }: ServeCodecOptions, route: Route | undefined, request: IncomingMessage, response: ServerResponse) {
  const origin = admittedOrigin(request, access.origins)
  if (origin !== undefined) response.setHeader('access-control-allow-origin', origin)
  if (route === undefined) throw new Refusal(404, 'not-found', 'there are POST /decode and POST /encode')
  if (request.method === 'OPTIONS') {
    response.setHeader('access-control-allow-methods', 'POST')
    response.setHeader('access-control-allow-headers', 'authorization, authorization-extras, content-type, x-namespace')
    response.setHeader('access-control-max-age', '600')
    if (request.headers['access-control-request-private-network'] === 'true') response.setHeader('access-control-allow-private-network', 'true')
    return undefined
  }
  if (request.method !== 'POST') throw new Refusal(405, 'method-not-allowed', 'only POST is answered here', { allow: 'OPTIONS, POST' })
  assertToken(request, route.token, access.tokens)
  return writePayloads(await codec[route.action](await readPayloads(request, maxBodyBytes ?? 8 * 1024 * 1024)))
}

interface Route {
  readonly token: string | undefined
  readonly action: 'decode' | 'encode'
}

function routeOf({ url = '' }: IncomingMessage): Route | undefined {
  const [, token, action] = /^(?:\/([^/?]+))?\/(decode|encode)(?:\?.*)?$/.exec(url) ?? []
  return action === 'decode' || action === 'encode' ? { token, action } : undefined
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (PerdureError.isInstance(error)) return new Refusal(422, error.code, error.message)
  return new Refusal(500, 'unexpected', 'the request failed for a reason that is not told, as it could hold what was sent')
}
