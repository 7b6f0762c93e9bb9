import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { bringUp, type CastOptions } from './bring-up.ts'
import { judge, type StormCounts } from './judge.ts'
import { scheduleOf } from './schedule.ts'
import { strikesOn } from './strike.ts'

export interface StormOptions extends CastOptions {
  readonly minutes: number
  /** On the average, between two strikes. */
  readonly pauseMs: number
  readonly say: (line: string) => void
  /** Leaves the stores, Temporal's file and the senders' log where they are. Default false. */
  readonly keep?: boolean
}

export interface StormReport {
  readonly counts: StormCounts
  /** None: everything held. */
  readonly findings: readonly string[]
}

/** How long after the storm everything has to be answered: longer than a parked agent's first pauses. */
const calmMinutes = 8

/** Brings all of it up, lets the storm of this seed go over it, heals, waits for every answer, and audits every agent. */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  const folder = await temporaryFolder()
  const endings: (() => Promise<unknown>)[] = options.keep === true ? [] : [() => folder.remove()]
  if (options.keep === true) options.say(`everything is in ${folder.path}`)
  try {
    return await storm(options, folder.path, (ending) => endings.unshift(ending))
  } finally {
    for (const ending of endings) await ending().catch((error: unknown) => options.say(`while clearing away: ${String(error)}`))
  }
}

async function storm(options: StormOptions, folder: string, atEnd: (ending: () => Promise<unknown>) => void): Promise<StormReport> {
  const { say } = options
  // One that was stopped in the middle of a workflow's task may be ended by Node's own watchdog. For its agents that is a kill like any other.
  let crashes = 0
  const onCrash = (what: string): void => {
    crashes += 1
    say(what)
  }
  const cast = await bringUp(options, { folder, atEnd, onCrash })
  const strikes = strikesOn(cast, say)
  const startedAt = Date.now()
  for (const strike of scheduleOf(options)) {
    await sleep(Math.max(0, startedAt + strike.atMs - Date.now()))
    await strikes.strike(strike)
  }
  await sleep(Math.max(0, startedAt + options.minutes * 60_000 - Date.now()))

  say(`${new Date().toISOString()} the storm is over: healing`)
  const findings = [...(await strikes.healed())]
  await cast.behave()
  const { client: talker } = cast.processes
  talker.release()
  talker.current().tell('finish')
  const quiet = new AbortController()
  const answered = await Promise.race([
    talker.current().ended.then(({ status }) => status === 0),
    sleep(calmMinutes * 60_000, false, { signal: quiet.signal }),
  ])
  quiet.abort()
  if (!answered) findings.push(`${calmMinutes} minutes after the storm not everything was answered, or the client failed: ${talker.current().complaints().slice(-400)}`)
  say(`${new Date().toISOString()} auditing`)
  const judged = await judge(cast)
  return { counts: { ...judged.counts, strikes: strikes.counts, crashes }, findings: [...findings, ...judged.findings] }
}
