/** A model that misbehaves by seed: limits, failures, resets, silence, half an answer. `POST /behave` ends that. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { buffer } from 'node:stream/consumers'
import { serveModel, simulatedEmbedder } from '../../../src/testing.ts'
import { modelOfMoves } from '../support/model-of-moves.ts'
import { stormMoves } from './messages.ts'
import { randomOf, type Random } from './random.ts'

process.stdin.resume().on('end', () => process.exit())

const [port = '0', seed = '1', wild = 'yes'] = process.argv.slice(2)
const inner = await serveModel({ model: modelOfMoves(stormMoves), embedder: simulatedEmbedder() })
let misbehaves = wild === 'yes'
const asked = new Map<string, number>()

const outer = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy())
})
await once(outer.listen(Number(port), '127.0.0.1'), 'listening')
console.log('ready')

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/behave') {
    misbehaves = false
    response.end()
    return
  }
  const body = await buffer(request)
  const random = fateOf(body.toString())
  await sleep(random.between(0, 200))
  if (misbehaves && (await misbehave(random, response))) return
  const inside = await fetch(new URL(request.url ?? '/', inner.url), { method: request.method ?? 'POST', headers: { 'content-type': 'application/json' }, body })
  const text = await inside.text()
  // A stream of events, where that was asked for.
  response.writeHead(inside.status, { 'content-type': inside.headers.get('content-type') ?? 'application/json', 'content-length': Buffer.byteLength(text) })
  if (!misbehaves || !random.chance(0.02)) response.end(text)
  else {
    response.write(text.slice(0, text.length / 2))
    await sleep(50)
    response.destroy()
  }
}

/** The same request for the same time has the same fate in each storm of a seed. */
function fateOf(body: string): Random {
  const name = body.match(/#\d+ of [\w-]+/g)?.at(-1) ?? ''
  const times = (asked.get(name) ?? 0) + 1
  asked.set(name, times)
  return randomOf(`${seed} ${name} ${times}`)
}

/** True if that was the answer. */
async function misbehave(random: Random, response: ServerResponse): Promise<boolean> {
  const fate = random.next()
  if (fate < 0.04) response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' }).end('{"error":{"message":"slow down"}}')
  else if (fate < 0.08) response.writeHead(500).end('{"error":{"message":"it failed"}}')
  else if (fate < 0.12) response.destroy()
  else if (fate < 0.14) {
    await sleep(random.between(2_000, 8_000))
    response.destroy()
  } else return false
  return true
}
