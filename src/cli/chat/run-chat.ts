import { exitStatus, type ExitStatus } from '../exit-status.ts'
import { errorText } from '../error-text.ts'
import { findSlashCommand } from '../slash/commands.ts'
import type { SlashCommand } from '../slash/command.ts'
import type { Chat } from './chat.ts'
import { parseLine } from './parse-line.ts'
import { takeTurn } from './take-turn.ts'

type Work = () => Promise<void>

/**
 * Reads lines until the end of the input or /exit. A script's lines are handled one after the other; a person's lines are read
 * while a turn runs too: then commands that can be run at any time are, and everything else waits.
 * @param opening what is done before the first line
 */
export async function runChat(chat: Chat, opening: Work): Promise<ExitStatus> {
  const { console } = chat
  const waiting: Work[] = []
  let working: Promise<void> | undefined
  let interrupted = false

  const attempt = async (work: Work): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (chat.leaving) return
      chat.failed = true
      console.remark(console.palette.red(errorText(error, process.env)))
    }
  }
  const workThrough = async (): Promise<void> => {
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) await attempt(work)
    working = undefined
  }
  const enqueue = (work: Work): void => {
    if (working !== undefined) console.remark(console.palette.dim('(after this turn)'))
    waiting.push(work)
    working ??= workThrough()
  }
  console.onInterrupt(() => {
    if (working === undefined || interrupted) {
      chat.leaving = true
      console.close()
      return
    }
    interrupted = true
    waiting.length = 0
    console.remark(console.palette.dim('cancelling the turn; Ctrl-C again leaves at once'))
    void attempt(async () => void (await chat.connection.client.cancel(chat.agentId)))
    void working.finally(() => (interrupted = false))
  })

  if (console.interactive) enqueue(opening)
  else await attempt(opening)
  for await (const line of console.lines()) {
    const { work, anytime } = workOf(chat, line)
    if (work === undefined) continue
    if (!console.interactive || anytime) await attempt(work)
    else enqueue(work)
    if (chat.leaving) break
  }
  const left = working !== undefined
  chat.leaving = true
  console.close()
  if (left && !interrupted) console.remark('The turn goes on; its answer will be there when you come back.')
  if (interrupted) return exitStatus.interrupted
  return chat.failed && !console.interactive ? exitStatus.failure : exitStatus.ok
}

function workOf(chat: Chat, line: string): { readonly work?: Work; readonly anytime: boolean } {
  const parsed = parseLine(line)
  switch (parsed.type) {
    case 'nothing':
      return { anytime: true }
    case 'message':
      return { work: () => takeTurn(chat, { text: parsed.text }), anytime: false }
    case 'command': {
      const command = lookUp(parsed.name)
      return { work: () => runCommand(chat, command(), parsed.argument), anytime: isAnytime(command) }
    }
  }
}

/** An unknown command is reported like any command that fails. */
const lookUp = (name: string) => (): SlashCommand => findSlashCommand(name)

function isAnytime(command: () => SlashCommand): boolean {
  try {
    return command().anytime === true
  } catch {
    return true
  }
}

async function runCommand(chat: Chat, command: SlashCommand, argument: string): Promise<void> {
  const text = await command.run(chat, argument)
  if (text !== undefined) chat.console.print(text)
}
