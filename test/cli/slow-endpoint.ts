import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/** What the model writes: calls, each with its arguments. */
export interface WrittenCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface SlowEndpoint {
  /** Ends in `/v1`. */
  readonly url: string
  /** From now on a request waits before it is answered. */
  hold(): void
  /** Lets all requests that wait go on, and those that come. */
  release(): void
  /** From now on every request is answered with this status, until `release`. */
  fail(status: number): void
  /** How many requests wait. */
  waiting(): number
  close(): Promise<void>
}

const bodyShape = z.object({
  stream: z.boolean().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
})

/** Thinks, and says what was said: what an endpoint with native tool calls writes. */
export function echo(said: string): readonly WrittenCall[] {
  return [{ name: 'send_message', arguments: { inner_thoughts: `They said: ${said}`, message: `you said: ${said}` } }]
}

/**
 * A model's endpoint that answers as it is told, and when it is told to; asked for a stream, it writes a few characters at a time.
 * @param options.answer to what the user said last; `sinceThen`: messages that have come since
 * @param options.pauseMs between two pieces of a stream
 */
export async function slowEndpoint(options: { readonly answer?: (said: string, sinceThen: number) => readonly WrittenCall[]; readonly pauseMs?: number; readonly port?: number } = {}): Promise<SlowEndpoint> {
  const { answer = echo, pauseMs = 5, port = 0 } = options
  let held = false
  let failing: number | undefined
  const waiting = new Set<() => void>()
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => void respond(incoming.url ?? '', Buffer.concat(chunks).toString('utf8'), response).catch(() => response.destroy()))
  })
  const respond = async (route: string, text: string, response: ServerResponse): Promise<void> => {
    if (!route.endsWith('/chat/completions')) {
      json(response, { object: 'list', data: [] })
      return
    }
    const { stream, messages } = bodyShape.parse(JSON.parse(text))
    if (held) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          waiting.delete(go)
          resolve()
        }
        waiting.add(go)
        response.once('close', go)
      })
    }
    if (failing !== undefined) {
      response.writeHead(failing, { 'content-type': 'application/json' })
      response.end('{"error":{"message":"out of order"}}')
      return
    }
    const calls = answer(textOf(messages.findLast(({ role }) => role === 'user')?.content), messages.length - 1 - messages.findLastIndex(({ role }) => role === 'user'))
    const usage = { prompt_tokens: 1_000, completion_tokens: 40, total_tokens: 1_040 }
    if (stream === true) return streamed(response, calls, usage, pauseMs)
    const toolCalls = calls.map((call, index) => ({ id: `call-${index}`, type: 'function', function: { name: call.name, arguments: JSON.stringify(call.arguments) } }))
    json(response, { id: 'c', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: null, tool_calls: toolCalls }, finish_reason: 'tool_calls' }], usage })
  }
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    hold: () => void (held = true),
    release: () => {
      held = false
      failing = undefined
      for (const go of [...waiting]) go()
    },
    fail: (status) => void (failing = status),
    waiting: () => waiting.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function streamed(response: ServerResponse, calls: readonly WrittenCall[], usage: unknown, pauseMs: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const event = (rest: Readonly<Record<string, unknown>>): void => void response.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', ...rest })}\n\n`)
  const delta = (change: unknown, finish: string | null = null): void => event({ choices: [{ index: 0, delta: change, finish_reason: finish }] })
  delta({ role: 'assistant', content: null })
  for (const [index, call] of calls.entries()) {
    delta({ tool_calls: [{ index, id: `call-${index}`, type: 'function', function: { name: call.name, arguments: '' } }] })
    for (const piece of JSON.stringify(call.arguments).match(/[^]{1,6}/gu) ?? []) {
      delta({ tool_calls: [{ index, function: { arguments: piece } }] })
      await sleep(pauseMs)
    }
  }
  delta({}, 'tool_calls')
  event({ choices: [], usage })
  response.end('data: [DONE]\n\n')
}

/** Of a message of the user what the person said; the runtime writes it as JSON, with the time. */
function textOf(content: unknown): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content ?? '')
  const read = writtenShape.safeParse(jsonIn(text.trim()))
  return read.success ? read.data.message : text
}

const writtenShape = z.object({ message: z.string() })

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
