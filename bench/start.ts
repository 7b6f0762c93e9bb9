/**
 * What starting costs: time and CPU of each process until the first line of `npm start`, and then what memory the stack holds at rest. Takes the
 * built command, so `npm run build` comes first; Linux only, as it reads /proc.
 *
 *   npm run bench:start -- [--runs 3]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { builtCommand } from '../test/support/built-command.ts'
import { beginBench } from './begin/begin.ts'
import { whole } from './begin/options.ts'
import { figure } from './figures.ts'
import { processIds, processorMs } from './processor-time.ts'
import { quantilesOf } from './quantiles.ts'

const { runs } = beginBench(import.meta.url, { runs: whole(3) })

/** CPU in seconds, and memory that is its own in MiB, with its part of what it shares. */
interface Process {
  readonly name: string
  readonly cpu: number
  readonly memory: number
}

/** Processes give back what loading took some 15 seconds after they are ready. */
const restsAfterMs = 20_000

const taken = { seconds: [] as number[], cpu: [] as number[] }
console.log('| | seconds | CPU, s | of it, by process |\n|---|--:|--:|---|')
for (let run = 1; run <= runs; run += 1) {
  await inHome(async (home) => {
    const { seconds, processes } = await untilLine(home, ['start'], 'A demonstration of Perdure')
    show(`start, run ${run}`, seconds, processes)
    taken.seconds.push(seconds)
    taken.cpu.push(total(processes, 'cpu'))
  })
}
figure('start.seconds', quantilesOf(taken.seconds).p50)
figure('start.cpu', quantilesOf(taken.cpu).p50)
await inHome(async (home) => {
  const { seconds, processes } = await untilLine(home, ['agents'], 'There is no agent yet')
  show('agents', seconds, processes)
})
await inHome(async (home) => {
  await perdure(home, ['stack', 'up'])
  await sleep(restsAfterMs)
  const processes = processesOf(home)
  console.log('\n| at rest | memory, MiB | CPU until then, s |\n|---|--:|--:|')
  for (const { name, cpu, memory } of processes) console.log(`| ${name} | ${memory.toFixed(0)} | ${cpu.toFixed(1)} |`)
  console.log(`| the stack | ${total(processes, 'memory').toFixed(0)} | ${total(processes, 'cpu').toFixed(1)} |`)
  figure('start.rest', total(processes, 'memory'))
})

function show(title: string, seconds: number, processes: readonly Process[]): void {
  console.log(`| ${[title, seconds.toFixed(1), total(processes, 'cpu').toFixed(1), processes.map(({ name, cpu }) => `${name} ${cpu.toFixed(1)}`).join(', ')].join(' | ')} |`)
}

function total(processes: readonly Process[], of: 'cpu' | 'memory'): number {
  return processes.reduce((sum, process) => sum + process[of], 0)
}

async function inHome(work: (home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'perdure-start-'))
  try {
    await work(home)
  } finally {
    await perdure(home, ['stack', 'down', '--now'])
    await perdure(join(home, 'demo'), ['stack', 'down', '--now'])
    rmSync(home, { recursive: true, force: true })
  }
}

async function untilLine(home: string, args: readonly string[], line: string): Promise<{ seconds: number; processes: Process[] }> {
  const begin = performance.now()
  const child = spawn(process.execPath, [builtCommand, ...args], { env: environment(home), stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`it ended with ${code ?? 'a signal'} before it said ${line}: ${output}`)))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.includes(line)) resolve()
    })
  })
  const seconds = (performance.now() - begin) / 1_000
  const processes = processesOf(home)
  child.kill('SIGKILL')
  return { seconds, processes }
}

async function perdure(home: string, args: readonly string[]): Promise<void> {
  await once(spawn(process.execPath, [builtCommand, ...args], { env: environment(home), stdio: 'ignore' }), 'exit')
}

function environment(home: string): NodeJS.ProcessEnv {
  return { ...process.env, PERDURE_HOME: home, PERDURE_HTTP_ADDRESS: '127.0.0.1:0' }
}

/** All that run on that home, or on one below it. */
function processesOf(home: string): Process[] {
  return processIds()
    .filter((pid) => read(pid, 'environ').includes(`PERDURE_HOME=${home}`))
    .map((pid) => {
      const [command = '', ...all] = read(pid, 'cmdline').split('\0')
      const [script = '', ...args] = all.filter((arg) => !arg.startsWith('--'))
      const memory = Number(/^Pss:\s+(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0) / 1_024
      return { name: command.endsWith('temporal') ? 'temporal' : script.endsWith('supervisor.js') ? 'supervisor' : (args[0] ?? ''), cpu: processorMs(pid) / 1_000, memory }
    })
    // One that has ended meanwhile.
    .filter(({ memory }) => memory > 0)
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(join('/proc', String(pid), file), 'latin1')
  } catch {
    return ''
  }
}
