import { spawn, type ChildProcess } from 'node:child_process'
import { connect, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface Child {
  readonly pid: number
  /** Ends the process: asks first, and does not wait for ever. */
  stop(): Promise<void>
  /** SIGKILL: the crash that the tests are about. */
  kill(): Promise<void>
}

/**
 * Starts a server and waits until it accepts connections on its port of 127.0.0.1. It ends with this process, however that
 * ends: a guard reads from a pipe that only this process holds open, and kills the server when the pipe closes.
 */
export async function startChild(options: {
  readonly command: string
  readonly arguments: readonly string[]
  readonly port: number
  readonly timeoutMs: number
  readonly environment?: Readonly<Record<string, string>>
  readonly cwd?: string
}): Promise<Child> {
  const child = spawn(options.command, options.arguments, {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = lastOutput(child)
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  child.once('error', (error) => output.add(error.message))
  if (child.pid === undefined) {
    await ended
    throw new Error(`${options.command} does not start: ${output.text()}`)
  }
  const guard = guardOf(child.pid)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    guard.kill('SIGKILL')
    // Nothing else may keep this process alive while it waits for the end.
    child.ref()
    child.kill(signal)
    const inTime = await Promise.race([ended.then(() => true), delay(5_000, false, { ref: false })])
    if (!inTime) child.kill('SIGKILL')
    await ended
  }
  if (!(await accepts(options.port, options.timeoutMs, child))) {
    await end('SIGKILL')
    throw new Error(`${options.command} did not open port ${options.port}: ${output.text()}`)
  }
  child.unref()
  return { pid: child.pid, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

function guardOf(pid: number): ChildProcess {
  const script = 'cat >/dev/null; kill -9 "$0" 2>/dev/null'
  // Detached: a signal to this process's group, Ctrl-C say, must not end the guard before its work is done.
  const guard = spawn('sh', ['-c', script, String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  letGo(guard.stdin)
  return guard
}

/** Reads all output, so that the server never blocks on a full pipe, and keeps the end of it for an error's text. */
function lastOutput(child: ChildProcess): { add(text: string): void; text(): string } {
  let kept = ''
  const add = (text: string): void => {
    kept = (kept + text).slice(-2_000)
  }
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    stream.setEncoding('utf8').on('data', add)
    letGo(stream)
  }
  return { add, text: () => kept.trim() || 'it said nothing' }
}

/** A pipe of a child is a socket; it shall not keep this process alive. */
function letGo(stream: unknown): void {
  if (stream instanceof Socket) stream.unref()
}

async function accepts(port: number, timeoutMs: number, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    if (await connects(port)) return true
    await delay(50)
  }
  return false
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}
