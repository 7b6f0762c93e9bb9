import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../src/protocol/errors.ts'
import type { ScriptProcess } from '../support/script-process.ts'

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
  readonly #target: Target
  #lasting: Promise<void> | undefined

  constructor(target: Target) {
    this.#target = target
  }

  /** False: another one lasts. */
  strike(how: 'kill' | 'stop', lastsMs: number): boolean {
    if (this.#lasting !== undefined) return false
    this.#lasting = this.#strike(how, lastsMs).finally(() => (this.#lasting = undefined))
    return true
  }

  async healed(): Promise<void> {
    await this.#lasting
  }

  async #strike(how: 'kill' | 'stop', lastsMs: number): Promise<void> {
    if (how === 'stop') {
      this.#target.pause()
      await sleep(lastsMs)
      this.#target.resume()
      return
    }
    await this.#target.kill()
    await sleep(lastsMs)
    await untilStarted(() => this.#target.start())
  }
}

/** What depends on a server can't start while that one is down. */
async function untilStarted(start: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      await start()
      return
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`it does not start for a minute: ${messageOf(error)}`, { cause: error })
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
