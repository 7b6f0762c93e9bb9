import { randomUUID } from 'node:crypto'
import type { Chat } from '../chat/chat.ts'
import type { ChatConsole } from '../chat/console.ts'
import { withoutTerminal } from '../chat/piped-console.ts'
import { takeTurn } from '../chat/take-turn.ts'
import { paletteFor } from '../output/palette.ts'
import { oneLine } from '../output/text.ts'
import { screenSize } from '../../stack/screen-size.ts'

/** The chat in which the scenes are played, and the means to show them. */
export interface Stage {
  readonly chat: Chat
  /** Ids of all that was sent. */
  readonly sent: string[]
  heading(text: string): void
  say(text: string): void
  remark(text: string): void
  /** The scripted user speaks, and the turn is shown to its end. */
  user(text: string): Promise<void>
}

export function createStage(chat: Chat): Stage {
  const { console } = chat
  const { palette } = console
  const sent: string[] = []
  let scene = 0
  const say = (text: string): void => console.print(text)
  return {
    chat,
    sent,
    heading: (text) => {
      scene += 1
      say(`\n${palette.bold(`${scene}. ${text}`)}`)
    },
    say,
    remark: (text) => say(palette.dim(`  ${text}`)),
    user: async (text) => {
      const eventId = randomUUID()
      sent.push(eventId)
      say(userLine(text, console))
      await takeTurn(chat, { text, eventId })
    },
  }
}

export function userLine(text: string, { palette, columns }: Pick<ChatConsole, 'palette' | 'columns'>): string {
  return `${palette.bold(palette.green('you>'))} ${oneLine(text, Math.max(60, columns - 6))}`
}

/** All of it is output: there is nobody to ask, and nothing to set apart. */
export function demoConsole(output: NodeJS.WriteStream): ChatConsole {
  const write = (text: string): void => void output.write(`${text}\n`)
  return { ...withoutTerminal, palette: paletteFor(output), columns: output.isTTY ? screenSize(output).columns : 120, wraps: output.isTTY, next: () => Promise.resolve(undefined), print: write, remark: write, close: () => undefined }
}
