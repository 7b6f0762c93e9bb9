/**
 * What the page takes of a browser: until it paints, while text streams into it, with a conversation of 10,000 messages and a list of 2,000 agents. In Chromium,
 * headless, which draws with the CPU; server, worker and Temporal run beside it on the same machine. On the embedded stores; after a build.
 *
 *   npm run bench:page -- [--messages 10000] [--agents 2000] [--only paint | streaming | long]
 *
 * An empty tab of the same browser tells how many frames the machine loses by itself while the same text streams.
 */
import { cpus, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser, type CDPSession, type Page as Tab } from 'playwright-core'
import { defineAgent, definitionDigest } from '../src/definition/define-agent.ts'
import type { ChatModel } from '../src/model/model.ts'
import { readPage, type Page } from '../src/server/page.ts'
import { findChromium } from '../test/servers/chromium.ts'
import { isUnavailable } from '../test/servers/require-server.ts'
import { startTemporal } from '../test/servers/temporal.ts'
import { served } from '../test/support/served.ts'
import { beginBench } from './begin/begin.ts'
import { oneOf, whole } from './begin/options.ts'
import { startBench } from './bench-agents.ts'
import { figure } from './figures.ts'
import { quantilesOf } from './quantiles.ts'
import { writingModel } from './writing-model.ts'

const { messages, agents, only } = beginBench(import.meta.url, { messages: whole(10_000), agents: whole(2_000), only: oneOf(['paint', 'streaming', 'long'], undefined) })
const frameHead = '| | frames | dropped | median ms | 95 % within | longest | tasks > 50 ms |'
/** So long is scrolled for at most. */
const mostMs = 300_000
const frameMs = 1_000 / 60

/** Playwright's handlers of signals would keep the bench from ending at once. */
const endedWithTheBench = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }

const found = await findChromium()
if (isUnavailable(found)) throw new Error(found.unavailable)
const built = builtPage()
const temporal = await startTemporal()
const model: ChatModel = writingModel()
const bench = await startBench({ server: temporal, model })
const server = await served(bench.client, { page: built })
const browser = await chromium.launch({ executablePath: found.path, headless: true, ...endedWithTheBench, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--enable-precise-memory-info'] })
console.log(`Chromium ${browser.version()}, ${cpus().length} cores, load of this machine ${loadavg().map((load) => load.toFixed(1)).join(', ')}`)
try {
  await fill()
  printBundle()
  const parts: Readonly<Record<string, (of: Browser) => Promise<void>>> = { paint: printPaint, streaming: printStreaming, long: printLong }
  for (const [name, print] of Object.entries(parts)) if (only === undefined || only === name) await print(browser)
} finally {
  await browser.close()
  await server.close()
  await bench.close()
  await temporal.stop()
}

function builtPage(): Page {
  const found = readPage(fileURLToPath(new URL('../dist/page', import.meta.url)))
  if (found === undefined) throw new Error('the page is not built: run `npm run build`')
  return found
}

async function fill(): Promise<void> {
  const { client, stores } = bench
  await client.create({ id: 'writes', model: 'bench' })
  await client.importConversation({ id: 'long', model: 'bench' }, Array.from({ length: messages }, (_, index) => ({ role: index % 2 === 0 ? 'user' as const : 'assistant' as const, text: saidAt(index), at: new Date(1_700_000_000_000 + index * 1_000).toISOString() })))
  for (let index = 0; index < agents; index += 1) {
    const definition = defineAgent({ id: `many-${String(index).padStart(5, '0')}`, model: 'bench', tags: ['bench'] })
    await stores.memory.agents.create({ definition, digest: definitionDigest(definition), createdAt: new Date().toISOString(), creation: 'bench' })
  }
}

/** Some are one line, some a screen: heights differ, as they do. */
function saidAt(index: number): string {
  const lines = index % 7 === 0 ? 25 : index % 3 === 0 ? 5 : 1
  return `Number ${index}. ${'It **went on**, and `on`, and on.\n'.repeat(lines)}`
}

function printBundle(): void {
  const compressed = [built.index, ...built.assets.values()].reduce((sum, { bytes }) => sum + gzipSync(bytes).length, 0)
  figure('page.bundle', compressed / 1024)
  console.log(`\nBundle: ${(compressed / 1024).toFixed(0)} kB compressed`)
}

async function printPaint(of: Browser): Promise<void> {
  console.log('\n| opened | first paint, median ms | slowest | what was asked for is there, median ms | slowest |\n|---|--:|--:|--:|--:|')
  let slowestPaint = 0
  for (const { name, path, shows } of [{ name: 'the list of agents', path: '/', shows: 'many-00000' }, { name: `a chat of ${messages} messages`, path: '/agents/long/chat', shows: `Number ${messages - 1}.` }]) {
    const taken = { cold: [] as Painted[], warm: [] as Painted[] }
    for (let run = 0; run < 5; run += 1) {
      // A new context has no cache.
      const context = await of.newContext({ viewport: { width: 1_100, height: 800 } })
      const tab = await context.newPage()
      taken.cold.push(await open(tab, path, shows))
      taken.warm.push(await open(tab, path, shows))
      await context.close()
    }
    for (const [how, of] of Object.entries(taken)) {
      const figures = (['paint', 'there'] as const).map((what) => of.map((one) => one[what])).map((all) => `${quantilesOf(all).p50.toFixed(0)} | ${Math.max(...all).toFixed(0)}`)
      if (how === 'cold') figure('page.paint', (slowestPaint = Math.max(slowestPaint, quantilesOf(of.map(({ paint }) => paint)).p50)))
      console.log(`| ${name}, ${how} | ${figures.join(' | ')} |`)
    }
  }
}

interface Painted {
  readonly paint: number
  readonly there: number
}

async function open(tab: Tab, path: string, shows: string): Promise<Painted> {
  const begun = performance.now()
  await tab.goto(server.url + path, { waitUntil: 'commit' })
  await tab.getByText(shows).first().waitFor()
  const there = performance.now() - begun
  const paint = await tab.evaluate<number>('performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN')
  return { paint, there }
}

interface Frames {
  readonly frames: readonly number[]
  readonly longTasks: readonly number[]
}

/** Times between frames, and tasks above 50 ms, while that is done. */
async function framesDuring(tab: Tab, work: () => Promise<unknown>): Promise<Frames> {
  await tab.evaluate(`(() => {
    const told = (window.told = { frames: [], longTasks: [], over: false })
    let before
    const frame = (now) => {
      if (before !== undefined) told.frames.push(now - before)
      before = now
      if (!told.over) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    new PerformanceObserver((list) => told.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ['longtask'] })
  })()`)
  await work()
  return tab.evaluate<Frames>('((window.told.over = true), window.told)')
}

function frameRow(name: string, { frames, longTasks }: Frames, more: string): string {
  const dropped = frames.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / frameMs) - 1), 0)
  const { p50, p95 } = quantilesOf(frames)
  return `| ${name} | ${frames.length} | ${dropped} (${((100 * dropped) / (frames.length + dropped)).toFixed(1)} %) | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${Math.max(...frames).toFixed(0)} | ${longTasks.length} | ${more} |`
}

interface Work {
  readonly script: number
  readonly layout: number
  readonly style: number
  readonly task: number
  readonly heapMegabytes: number
  readonly nodes: number
}

async function workOf(session: CDPSession): Promise<Work> {
  const { metrics } = await session.send('Performance.getMetrics')
  const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? NaN
  return { script: of('ScriptDuration'), layout: of('LayoutDuration'), style: of('RecalcStyleDuration'), task: of('TaskDuration'), heapMegabytes: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes') }
}

async function measured(tab: Tab): Promise<CDPSession> {
  const session = await tab.context().newCDPSession(tab)
  await session.send('Performance.enable')
  return session
}

/** Heap and nodes when nothing that is not used any more is counted. */
async function held(session: CDPSession): Promise<string> {
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  const { heapMegabytes } = await workOf(session)
  return `${heapMegabytes.toFixed(0)} MB`
}

async function printStreaming(of: Browser): Promise<void> {
  console.log(`\n${frameHead} of each second: script, style, layout |\n|---|--:|--:|--:|--:|--:|--:|--:|`)
  const send = (agent: string) => bench.client.send(agent, 'Write!')
  const context = await of.newContext({ viewport: { width: 1_100, height: 800 } })
  const empty = await context.newPage()
  await empty.goto(`${server.url}/assets/none`)
  console.log(frameRow('an empty tab, while the same is written', await framesDuring(empty, () => send('writes')), '–'))
  await empty.close()
  let slowestFrame = 0
  for (const [name, agent] of [['a new conversation', 'writes'], [`a conversation of ${messages} messages`, 'long']] as const) {
    const tab = await context.newPage()
    await tab.goto(`${server.url}/agents/${agent}/chat`)
    await tab.locator('.turn').first().waitFor()
    await sleep(1_000)
    const session = await measured(tab)
    const [before, begun] = [await workOf(session), performance.now()]
    const frames = await framesDuring(tab, () => send(agent))
    const [after, seconds] = [await workOf(session), (performance.now() - begun) / 1_000]
    figure('page.frame', (slowestFrame = Math.max(slowestFrame, quantilesOf(frames.frames).p50)))
    const per = (what: 'script' | 'style' | 'layout'): string => `${((1_000 * (after[what] - before[what])) / seconds).toFixed(0)} ms`
    console.log(frameRow(`${name}, while an answer is written`, frames, `${per('script')}, ${per('style')}, ${per('layout')}`))
    await tab.close()
  }
  await context.close()
}

async function printLong(of: Browser): Promise<void> {
  console.log(`\n${frameHead} most elements | heap after it |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|`)
  const context = await of.newContext({ viewport: { width: 1_100, height: 800 } })
  const scrolling = async (name: string, path: string, box: string, ready: string, by: number, isOver: string): Promise<void> => {
    const tab = await context.newPage()
    await tab.goto(server.url + path)
    await tab.getByText(ready).first().waitFor()
    const session = await measured(tab)
    const told = { most: 0, over: false }
    const frames = await framesDuring(tab, async () => {
      for (const until = performance.now() + mostMs; !told.over && performance.now() < until;) {
        const { over, elements } = await tab.evaluate<{ over: boolean; elements: number }>(`new Promise((done) => requestAnimationFrame(() => {
          document.querySelector(${JSON.stringify(box)}).scrollBy(0, ${by})
          done({ over: ${isOver}, elements: document.querySelectorAll('*').length })
        }))`)
        told.most = Math.max(told.most, elements)
        told.over = over
      }
    })
    if (!told.over) throw new Error(`${name}: not there after ${mostMs / 1_000} s`)
    console.log(frameRow(name, frames, `${told.most} | ${await held(session)}`))
    await tab.close()
  }
  await scrolling(`${messages} messages, from the last to the first`, '/agents/long/chat', '.scroller', `Number ${messages - 1}.`, -1_200, `document.querySelector('[data-part="1"]') !== null`)
  await scrolling(`${agents} agents, from the first to the last`, '/', '.sheet', 'many-00000', 1_200, `document.querySelector('.sheet').textContent.includes('many-${String(agents - 1).padStart(5, '0')}')`)
  await context.close()
}
