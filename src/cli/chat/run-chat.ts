import { errorText } from '../output/error-text.ts'
import { findSlashCommand } from '../slash/commands.ts'
import { completionsOf } from '../slash/completions.ts'
import { wrapped } from '../terminal/wrap.ts'
import type { Chat } from './chat.ts'
import type { Entered } from './console.ts'
import { interruptMoves } from './interrupts.ts'
import { openConversation } from './open-conversation.ts'
import { readEntry } from './parse-line.ts'
import { post, prepare } from './say.ts'
import { takeTurn } from './take-turn.ts'
import { cancelWork, workOf } from './work.ts'

/** How one conversation came to its end. */
export interface ChatEnd {
  /** By Ctrl-C, while the agent was at work. */
  readonly interrupted: boolean
}

/**
 * Talks with one agent until the end of the input, `/exit`, or another agent. A script's lines are handled one after the other. A
 * person's message is in the mailbox before the next line is read; what comes of it is shown by whoever watches the agent.
 */
export async function runChat(chat: Chat, created: boolean): Promise<ChatEnd> {
  const { console, mail } = chat
  const over = new AbortController()
  const interrupted = { atWork: false }
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (over.signal.aborted) return
      chat.failed = true
      console.remark(console.palette.red(errorText(error, process.env, '')))
    }
  }
  const interruptMove = interruptMoves()
  console.onInterrupt(() => {
    const move = interruptMove({ work: workOf(chat), now: Date.now() })
    switch (move.type) {
      case 'leave':
        interrupted.atWork = workOf(chat) !== undefined
        chat.leaving = {}
        console.close()
        return
      case 'warn':
        console.remark(console.palette.dim('Ctrl-C again leaves; the agent lives on, and nothing is lost'))
        return
      case 'cancel':
        console.remark(console.palette.dim('cancelling the turn; Ctrl-C again leaves'))
        void attempt(() => cancelWork(chat, move.work, over.signal))
    }
  })
  console.completeBy((text) => completionsOf(chat, text))

  await attempt(() => openConversation(chat, created, over.signal))
  while (chat.leaving === undefined) {
    const entered = await console.next()
    if (entered === undefined) break
    await attempt(() => handle(chat, entered, attempt))
  }
  over.abort()
  if (mail.waiting > 0 && console.interactive) console.remark('The agent goes on as long as a worker runs (the stack has one), and when one runs again; the answers will be there when you come back.')
  console.busy()
  console.growing([])
  // What stands there is of this agent.
  console.note('')
  return { interrupted: interrupted.atWork }
}

type Attempt = (work: () => Promise<void>) => Promise<void>

async function handle(chat: Chat, entered: Entered, attempt: Attempt): Promise<void> {
  const entry = readEntry(entered)
  const { console } = chat
  switch (entry.type) {
    case 'nothing':
      return
    case 'message':
      console.echo(entry.text)
      return send(chat, { text: entry.text, kind: 'user-message' })
    case 'command': {
      console.echo(entered.text)
      const command = findSlashCommand(entry.name)
      if ('unknown' in command) throw command.unknown
      if (command.event !== undefined) return send(chat, { text: '', kind: command.event })
      const run = async (): Promise<void> => {
        const text = await command.run(chat, entry.argument)
        if (text !== undefined) console.print(console.wraps ? wrapped(text, console.columns - 1).join('\n') : text)
      }
      if (console.interactive && command.between === true) {
        if (chat.shown.running !== undefined) console.remark(console.palette.dim('(after this turn)'))
        void attempt(run)
      } else await run()
    }
  }
}

/** A script waits for the turn. */
async function send(chat: Chat, event: Parameters<typeof prepare>[1]): Promise<void> {
  if (chat.console.interactive) await post(chat, prepare(chat, event))
  else await takeTurn(chat, event)
}
