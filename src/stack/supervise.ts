import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { messageOf, PerdureError } from '../protocol/errors.ts'
import { giveBackOnceAtRest } from '../threads/give-back.ts'
import { bringUp } from './bring-up.ts'
import { endProcesses } from './process-identity.ts'
import { homeFiles } from './home.ts'
import type { KeptChild } from './kept-child.ts'
import { countLeases } from './leases.ts'
import { boundLog } from './log-file.ts'
import { beginStackRecord, type StackRecord } from './stack-record.ts'
import { orphansOf, titleOf } from './stack-state.ts'

/** How long a stack that nobody keeps lives on without a user, so that the next one finds it warm. */
const lingerMs = 3_000
const useCheckedEveryMs = 500
const logsCheckedEveryMs = 10_000
const orphanGraceMs = 5_000

export interface SuperviseOptions {
  readonly config: Config
  /** Arguments of Node before the commands `worker` and `simulated-model`. */
  readonly entry: readonly string[]
  readonly log: (line: string) => void
}

/**
 * Runs the stack until it is told to stop, or nobody uses it; returns the exit status of the process. The caller holds the
 * home's lock, so that `stack.json` and the data below have one writer.
 *
 * Signals: SIGTERM stops; SIGINT, or a second SIGTERM, stops at once; SIGHUP says that a user has gone.
 */
export async function supervise({ config, entry, log }: SuperviseOptions): Promise<number> {
  const files = homeFiles(config.home)
  // A mark that kept an earlier stack running does not hold for this one.
  rmSync(files.kept, { force: true })
  const record = beginStackRecord(config, new Date())
  const children: KeptChild[] = []
  const quit = new AbortController()
  const use = watchUse(config.home, record, () => quit.abort())
  const stopNow = () => {
    quit.abort()
    for (const child of children) child.killNow()
  }
  process.on('SIGTERM', () => (quit.signal.aborted ? stopNow() : quit.abort()))
  process.on('SIGINT', stopNow)
  process.on('SIGHUP', use.userHasGone)
  process.on('exit', stopNow)
  const timers = [setInterval(use.check, useCheckedEveryMs), setInterval(() => boundLogs(files.logs), logsCheckedEveryMs)]

  let failure: unknown
  try {
    await endOrphans(config.home, record, log)
    const found = await bringUp({
      config,
      entry,
      children,
      ports: record.state.ports,
      signal: quit.signal,
      onProgress: (what, seconds) => record.update({ progress: { what, seconds } }),
      onPorts: (ports) => record.update({ ports }),
      onChange: (note) => {
        log(note)
        record.update({ children: children.map((child) => child.state()) })
      },
    })
    record.update({ phase: 'ready', progress: undefined, ...found })
    log(`ready, Temporal at ${found.temporal.address}`)
    giveBackOnceAtRest()
    await aborted(quit.signal)
  } catch (error) {
    if (!quit.signal.aborted) failure = error
  }
  for (const timer of timers) clearInterval(timer)
  await stopChildren(children, record)
  if (failure === undefined) {
    record.update({ phase: 'stopped', progress: undefined })
    log('stopped')
    return 0
  }
  const code = PerdureError.isInstance(failure) ? failure.code : 'server-unavailable'
  record.update({ phase: 'failed', progress: undefined, failure: { code, message: messageOf(failure) } })
  log(`failed: ${messageOf(failure)}`)
  return 1
}

interface UseWatch {
  readonly check: () => void
  readonly userHasGone: () => void
}

/** Decides when nobody uses the stack any more. */
function watchUse(home: string, record: StackRecord, onUnused: () => void): UseWatch {
  const { kept } = homeFiles(home)
  const unused = () => !existsSync(kept) && countLeases(home) === 0
  let lastUse = Date.now()
  const check = () => {
    const { phase } = record.state
    if (!unused()) lastUse = Date.now()
    else if (Date.now() - lastUse >= lingerMs && (phase === 'ready' || phase === 'starting')) {
      // A user first takes a lease, then reads the phase. So either we see the lease now, or the user sees this word and waits.
      record.update({ phase: 'stopping' })
      if (unused()) onUnused()
      else record.update({ phase })
    }
  }
  return {
    check,
    userHasGone: () => {
      lastUse = 0
      check()
    },
  }
}

async function endOrphans(home: string, record: StackRecord, log: (line: string) => void): Promise<void> {
  const orphans = record.previous === undefined ? [] : orphansOf(home, record.previous)
  if (orphans.length > 0) log(`ending what an earlier supervisor left: ${orphans.map(({ pid }) => pid).join(', ')}`)
  await endProcesses(orphans, orphanGraceMs)
  record.update({ children: [] })
}

/** Ends the children in the reverse order of their start, so that none runs without the others that it needs. */
async function stopChildren(children: readonly KeptChild[], record: StackRecord): Promise<void> {
  for (const child of children.toReversed()) {
    record.update({ phase: 'stopping', progress: { what: `stopping ${titleOf[child.spec.name]}`, seconds: 0 } })
    await child.stop()
  }
}

function boundLogs(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.log')) boundLog(join(folder, name))
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })))
}
