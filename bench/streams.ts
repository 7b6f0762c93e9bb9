/**
 * What open streams of events take of a server over HTTP that has nothing else to do: memory, and the share of a core while nothing happens and
 * while one of the agents has turns; and how long after a message was stored its readers have it. On the embedded stores.
 *
 *   npm run bench:streams -- [--streams 2000] [--agents 200] [--seconds 20]
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { defineAgent, definitionDigest } from '../src/definition/define-agent.ts'
import { openStores, type StoresConfig } from '../src/stores/open.ts'
import { beginBench } from './begin/begin.ts'
import { aboveZero, whole } from './begin/options.ts'
import { quantilesOf } from './quantiles.ts'
import type { Taken } from './streams-server.ts'

const { streams, agents, seconds } = beginBench(import.meta.url, { streams: whole(2_000), agents: whole(200), seconds: aboveZero(20) })
const beside = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const nameOf = (index: number): string => `agent-${index % agents}`

const folder = await mkdtemp(join(tmpdir(), 'perdure-streams-'))
const config: StoresConfig = { kind: 'embedded', file: join(folder, 'memory.db') }
const stores = await openStores(config)
for (let index = 0; index < agents; index += 1) {
  const definition = defineAgent({ id: nameOf(index) })
  await stores.memory.agents.create({ definition, digest: definitionDigest(definition), createdAt: new Date().toISOString(), creation: 'bench' })
}
await stores.close()
const server = fork(beside('streams-server.ts'), [JSON.stringify(config)])
const url = new URL(String((await once(server, 'message'))[0]))

console.log(`${streams} streams of ${agents} agents; load of this machine ${loadavg().map((load) => load.toFixed(1)).join(', ')}\n`)
console.log('| | resident MB | heap MB | share of a core |\n|---|--:|--:|--:|')
const told = new Map<number, number[]>()
try {
  await during('no stream', () => sleep(seconds * 1_000))
  const opened: Socket[] = []
  await during(`${streams} are opened`, async () => {
    for (let begun = 0; begun < streams; begun += 100) opened.push(...(await Promise.all(Array.from({ length: Math.min(100, streams - begun) }, (_, index) => open(begun + index)))))
  })
  await during(`${streams} streams, nothing happens`, () => sleep(seconds * 1_000))
  const written = new Map<number, number>()
  await during(`${streams} streams, one agent has turns`, () => writeTurns(written))
  await sleep(1_000)
  for (const socket of opened) socket.destroy()
  await sleep(2_000)
  await during('all readers are gone', () => sleep(seconds * 1_000))
  const lags = [...written].flatMap(([seq, at]) => (told.get(seq) ?? []).map((had) => had - at))
  const { p50, p95 } = quantilesOf(lags)
  console.log(`\n${lags.length} messages were told of ${written.size * Math.ceil(streams / agents)}; after ${p50.toFixed(0)} ms (p50), ${p95.toFixed(0)} ms (p95)`)
} finally {
  server.disconnect()
  await once(server, 'exit')
  await rm(folder, { recursive: true, force: true })
}

async function taken(child: ChildProcess): Promise<Taken> {
  child.send('taken')
  return (await once(child, 'message'))[0] as Taken
}

async function during(what: string, action: () => Promise<unknown>): Promise<void> {
  const before = await taken(server)
  await action()
  const after = await taken(server)
  const [megabytes, share] = [(bytes: number): string => (bytes / 1e6).toFixed(0), (after.cpuMicros - before.cpuMicros) / 1_000 / (after.at - before.at)]
  console.log(`| ${what} | ${megabytes(after.residentBytes)} | ${megabytes(after.heapBytes)} | ${(100 * share).toFixed(1)} % |`)
}

/** Done when the server has told where the reader stands. */
function open(index: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () => socket.write(`GET /api/v1/agents/${nameOf(index)}/events HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`))
    socket.once('error', reject)
    socket.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('\nid: ')) resolve(socket)
      for (const [, seq = ''] of text.matchAll(/"type":"message","id":"\d+","turn":\d+,"seq":(\d+)/g)) {
        const at = performance.timeOrigin + performance.now()
        told.set(Number(seq), [...(told.get(Number(seq)) ?? []), at])
      }
    })
  })
}

async function writeTurns(written: Map<number, number>): Promise<void> {
  // Each takes some eight tenths of a second.
  const writer = fork(beside('watch-writer.ts'), [JSON.stringify(config), nameOf(0), String(Math.ceil(seconds / 0.8))])
  writer.on('message', ({ seq, at }: { readonly seq: number; readonly at: number }) => written.set(seq, at))
  await once(writer, 'exit')
}
