import { setTimeout as sleep } from 'node:timers/promises'
import { exitStatus, type ExitStatus } from '../output/exit-status.ts'
import { errorText } from '../output/error-text.ts'
import { findSlashCommand } from '../slash/commands.ts'
import type { Chat } from './chat.ts'
import { parseLine } from './parse-line.ts'
import { showUnasked } from './show-unasked.ts'
import { takeTurn } from './take-turn.ts'
import { workQueue, type Work } from './work-queue.ts'

const cancelPauseMs = 250

/**
 * Reads lines until the end of the input or /exit. A script's lines are handled one after the other; a person's lines are read
 * while a turn runs too: then commands that can be run at any time are, and everything else waits.
 * @param opening what is done before the first line
 */
export async function runChat(chat: Chat, opening: Work): Promise<ExitStatus> {
  const { console } = chat
  const interrupts = { once: false, twice: false }
  const queue = workQueue(() => (interrupts.once = false))

  const attempt = (work: Work): Work => async () => {
    try {
      await work()
    } catch (error) {
      if (chat.leaving) return
      chat.failed = true
      console.remark(console.palette.red(errorText(error, process.env, '')))
    }
  }
  console.onInterrupt(() => {
    if (!queue.busy || interrupts.once) {
      interrupts.twice = interrupts.once
      chat.leaving = true
      console.close()
      return
    }
    interrupts.once = true
    queue.clear()
    console.remark(console.palette.dim('cancelling the turn; Ctrl-C again leaves at once'))
    void attempt(async () => {
      // False: what was sent has not reached the agent yet.
      while (queue.busy && !(await chat.connection.client.cancel(chat.agentId))) await sleep(cancelPauseMs)
    })()
  })

  const over = new AbortController()
  if (console.interactive) {
    queue.add(attempt(opening))
    void showUnasked(chat, over.signal)
  } else await attempt(opening)()
  for await (const line of console.lines()) {
    const { work, anytime } = workOf(chat, line)
    if (!console.interactive || anytime) await attempt(work)()
    else {
      if (queue.busy) console.remark(console.palette.dim('(after this turn)'))
      queue.add(attempt(work))
    }
    if (chat.leaving) break
  }
  chat.leaving = true
  over.abort()
  console.close()
  if (interrupts.twice) return exitStatus.interrupted
  if (queue.busy) console.remark('The turn goes on as long as a worker runs (the stack has one), and when one runs again; the answer will be there when you come back.')
  return (chat.failed || chat.standing.size > 0) && !console.interactive ? exitStatus.failure : exitStatus.ok
}

/** The request that a line makes, and whether it can be done while a turn runs. */
function workOf(chat: Chat, line: string): { readonly work: Work; readonly anytime: boolean } {
  const parsed = parseLine(line)
  switch (parsed.type) {
    case 'nothing':
      return { work: () => Promise.resolve(), anytime: true }
    case 'message':
      return {
        work: async () => {
          await takeTurn(chat, { text: parsed.text })
        },
        anytime: false,
      }
    case 'command': {
      const command = findSlashCommand(parsed.name)
      const work = async (): Promise<void> => {
        if ('unknown' in command) throw command.unknown
        const text = await command.run(chat, parsed.argument)
        if (text !== undefined) chat.console.print(text)
      }
      return { work, anytime: 'unknown' in command || command.anytime === true }
    }
  }
}
