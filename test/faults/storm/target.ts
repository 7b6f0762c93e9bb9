import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../src/protocol/errors.ts'
import type { ScriptProcess } from '../support/script-process.ts'
import type { TcpProxy } from '../support/tcp-proxy.ts'

/** Something that a storm hits. */
export interface Target {
  kill(): Promise<void>
  /** Starts it again; may fail, and is then tried again. */
  start(): Promise<void>
  /** SIGSTOP and SIGCONT. */
  pause(): void
  resume(): void
}

/** Hits one thing at a time: whatever comes meanwhile is let go by. */
export class Hit {
  #lasting: Promise<void> | undefined
  #failure: unknown

  /** False: another one lasts. */
  strike(blow: () => Promise<void>): boolean {
    if (this.#lasting !== undefined) return false
    this.#lasting = blow()
      .catch((error: unknown) => (this.#failure ??= error))
      .then(() => (this.#lasting = undefined))
    return true
  }

  /** Rejects where one of the blows could not be mended. */
  async healed(): Promise<void> {
    await this.#lasting
    if (this.#failure !== undefined) throw new Error(messageOf(this.#failure), { cause: this.#failure })
  }
}

export async function stopFor(target: Target, lastsMs: number): Promise<void> {
  target.pause()
  await sleep(lastsMs)
  target.resume()
}

/** @param meanwhile what is done while it is down */
export async function killFor(target: Target, lastsMs: number, meanwhile: () => void = () => undefined): Promise<void> {
  await target.kill()
  meanwhile()
  await sleep(lastsMs)
  await untilStarted(() => target.start())
}

export async function disturbFor(network: TcpProxy, how: string, lastsMs: number): Promise<void> {
  if (how === 'cut') await network.cut()
  else if (how === 'swallow') network.blackhole()
  else network.slow({ bytesPerSecond: 60_000, latencyMs: 120 })
  await sleep(lastsMs)
  await network.heal()
}

/** What depends on a server can't start while that one is down, and in a storm each of several tries to start may meet another blow. */
async function untilStarted(start: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 5 * 60_000
  for (;;) {
    try {
      await start()
      return
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`it does not start for five minutes: ${messageOf(error)}`, { cause: error })
    }
    await sleep(300)
  }
}

export interface KeptScript extends Target {
  /** The one that runs now. */
  current(): ScriptProcess
  /** No longer kept. */
  release(): void
}

/** A script that is started again when it ends by itself, as a supervisor would do; `onEnd` hears of it. */
export async function keptScript(begin: () => Promise<ScriptProcess>, onEnd: (how: string) => void): Promise<KeptScript> {
  let process = await begin()
  let kept = true
  let wanted = true
  const watch = (watched: ScriptProcess): void => {
    void watched.ended.then(async ({ status, signal }) => {
      if (!kept || !wanted || watched !== process) return
      onEnd(`ended by itself (${signal ?? status ?? ''}): ${watched.complaints().slice(-600)}`)
      await untilStarted(start).catch((error: unknown) => onEnd(messageOf(error)))
    })
  }
  const start = async (): Promise<void> => {
    const next = await begin()
    wanted = true
    process = next
    watch(next)
  }
  watch(process)
  return {
    current: () => process,
    release: () => (kept = false),
    start,
    kill: () => {
      wanted = false
      return process.kill()
    },
    pause: () => process.send('SIGSTOP'),
    resume: () => process.send('SIGCONT'),
  }
}
