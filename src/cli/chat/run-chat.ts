import { setTimeout as sleep } from 'node:timers/promises'
import { exitStatus, type ExitStatus } from '../output/exit-status.ts'
import type { EventKind } from '../../protocol/events.ts'
import { errorText } from '../output/error-text.ts'
import { findSlashCommand } from '../slash/commands.ts'
import type { Chat } from './chat.ts'
import { parseLine } from './parse-line.ts'
import { interruptMoves } from './interrupts.ts'
import { say } from './say.ts'
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
  const queue = workQueue()
  const interruptMove = interruptMoves()
  const interrupted = { midTurn: false }

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
    switch (interruptMove({ busy: queue.busy, now: Date.now() })) {
      case 'leave':
        interrupted.midTurn = queue.busy
        chat.leaving = true
        console.close()
        return
      case 'warn':
        console.remark(console.palette.dim('Ctrl-C again leaves; the agent lives on, and nothing is lost'))
        return
      case 'cancel':
        console.remark(console.palette.dim('cancelling the turn; Ctrl-C again leaves'))
        void attempt(async () => {
          // False: the turn that is waited for has not begun yet.
          while (queue.busy && !(await chat.connection.client.cancel(chat.agentId))) await sleep(cancelPauseMs)
        })()
    }
  })

  const over = new AbortController()
  if (console.interactive) {
    queue.add(attempt(opening))
    void showUnasked(chat, over.signal)
  } else await attempt(opening)()
  for await (const line of console.lines()) {
    const { work, anytime, event } = workOf(chat, line)
    if (!console.interactive || anytime) await attempt(work)()
    else if (event !== undefined) await attempt(async () => {
      // The prompt comes back when the message is in the mailbox; its turn is waited for behind those that were sent before.
      const request = await say(chat, event)
      queue.add(attempt(async () => {
        await takeTurn(chat, request)
      }))
    })()
    else {
      if (queue.busy) console.remark(console.palette.dim('(after this turn)'))
      queue.add(attempt(work))
    }
    if (chat.leaving) break
  }
  chat.leaving = true
  over.abort()
  console.close()
  if (interrupted.midTurn) return exitStatus.interrupted
  if (queue.busy) console.remark('The turn goes on as long as a worker runs (the stack has one), and when one runs again; the answer will be there when you come back.')
  return (chat.failed || chat.standing.size > 0) && !console.interactive ? exitStatus.failure : exitStatus.ok
}

/** The request that a line makes, whether it can be done while a turn runs, and the event that it sends. */
function workOf(chat: Chat, line: string): { readonly work: Work; readonly anytime: boolean; readonly event?: { readonly text: string; readonly kind: EventKind } } {
  const parsed = parseLine(line)
  switch (parsed.type) {
    case 'nothing':
      return { work: () => Promise.resolve(), anytime: true }
    case 'message':
      return eventWork(chat, { text: parsed.text, kind: 'user-message' })
    case 'command': {
      const command = findSlashCommand(parsed.name)
      if (!('unknown' in command) && command.event !== undefined) return eventWork(chat, { text: '', kind: command.event })
      const work = async (): Promise<void> => {
        if ('unknown' in command) throw command.unknown
        const text = await command.run(chat, parsed.argument)
        if (text !== undefined) chat.console.print(text)
      }
      return { work, anytime: 'unknown' in command || command.anytime === true }
    }
  }
}

const eventWork = (chat: Chat, event: { readonly text: string; readonly kind: EventKind }) => ({
  work: async () => {
    await takeTurn(chat, event)
  },
  anytime: false,
  event,
})
