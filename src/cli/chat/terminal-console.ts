import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline'
import { paletteFor } from '../output/palette.ts'
import type { ChatConsole } from './console.ts'
import { readHistory, writeHistory } from './history-file.ts'

const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'
const frameMs = 100
const usualPrompt = 'you> '

/**
 * A terminal. The line that is being typed stays at the bottom, whatever is printed above it; while the agent thinks, the prompt
 * is the spinner, so that one can type on.
 */
export function terminalConsole(streams: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream; readonly historyFile: string }): ChatConsole {
  const { input, output, historyFile } = streams
  const palette = paletteFor(output)
  const reader = createInterface({ input, output, terminal: true, history: readHistory(historyFile), historySize: 500, removeHistoryDuplicates: true })
  reader.on('history', (lines: readonly string[]) => writeHistory(historyFile, lines))
  const incoming = reader[Symbol.asyncIterator]()
  let prompting = false
  let closed = false
  let spinner: NodeJS.Timeout | undefined
  reader.once('close', () => {
    closed = true
    clearInterval(spinner)
    if (!prompting) return
    // Whatever comes next begins on a line of its own, in place of the prompt.
    moveCursor(output, 0, -reader.getCursorPos().rows)
    cursorTo(output, 0)
    clearScreenDown(output)
  })

  const prompt = (text: string): void => {
    if (!prompting || closed) return
    reader.setPrompt(text)
    reader.prompt(true)
  }
  const idlePrompt = (): void => prompt(palette.bold(palette.green(usualPrompt)))
  /** Prints above the line that is being typed: clears that line, writes, and draws the line again below. */
  const print = (text: string): void => {
    if (!prompting || closed) {
      output.write(`${text}\n`)
      return
    }
    const { rows } = reader.getCursorPos()
    moveCursor(output, 0, -rows)
    cursorTo(output, 0)
    clearScreenDown(output)
    // readline redraws from as many rows above as it last saw itself below the first.
    output.write(`${text}\n${'\n'.repeat(rows)}`)
    reader.prompt(true)
  }
  return {
    interactive: true,
    palette,
    get columns() {
      return output.columns
    },
    lines: async function* () {
      prompting = true
      if (spinner === undefined) idlePrompt()
      for (let line = await incoming.next(); line.done !== true; line = await incoming.next()) {
        yield line.value
        if (spinner === undefined) idlePrompt()
      }
    },
    print,
    remark: print,
    busy: (what) => {
      clearInterval(spinner)
      spinner = undefined
      if (what === undefined) {
        idlePrompt()
        return
      }
      const begin = performance.now()
      const draw = (): void => {
        const seconds = Math.floor((performance.now() - begin) / 1_000)
        const frame = frames[Math.floor((performance.now() - begin) / frameMs) % frames.length] ?? ''
        prompt(palette.dim(`${frame} ${what}${seconds > 0 ? ` ${seconds} s` : ''}  `))
      }
      spinner = setInterval(draw, frameMs)
      draw()
    },
    onInterrupt: (handler) =>
      void reader.on('SIGINT', () => {
        if (reader.line === '') handler()
        else {
          reader.write(null, { ctrl: true, name: 'e' })
          reader.write(null, { ctrl: true, name: 'u' })
        }
      }),
    close: () => reader.close(),
  }
}
