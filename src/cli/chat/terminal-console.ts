import { emitKeypressEvents } from 'node:readline'
import { bufferOf } from '../editor/edit-buffer.ts'
import { editOutside } from '../editor/edit-outside.ts'
import { lineEditor, type EditorMove } from '../editor/line-editor.ts'
import { lineHistory } from '../editor/line-history.ts'
import { completeWord } from '../editor/complete-word.ts'
import { paletteFor } from '../output/palette.ts'
import { liveRegion } from '../terminal/live-region.ts'
import { wrapped } from '../terminal/wrap.ts'
import { spinner } from '../terminal/spinner.ts'
import type { ChatConsole, Completions, Entered } from './console.ts'
import { readHistory, writeHistory } from './history-file.ts'
import { echoed, promptView, type PromptState } from './prompt-view.ts'

const bracketedPaste = { on: '\u001b[?2004h', off: '\u001b[?2004l' }
const emptyScreen = '\u001b[H\u001b[2J'

interface NodeKey {
  readonly name?: string
  readonly ctrl?: boolean
  readonly meta?: boolean
}

/** A terminal. The line that is being typed stays at the bottom, with what grows above it and a quiet line below, whatever is printed over them. */
export function terminalConsole(streams: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream; readonly historyFile: string }): ChatConsole {
  const { input, output, historyFile } = streams
  const palette = paletteFor(output)
  const region = liveRegion(output)
  const editor = lineEditor(lineHistory(readHistory(historyFile), (entries) => writeHistory(historyFile, entries)))
  const state: PromptState = { growing: [], busy: undefined, note: '', options: [], sending: false }
  let waiting: ((entered: Entered | undefined) => void) | undefined
  const entries: Entered[] = []
  let open = false
  let ended = false
  let interrupt: () => void = () => undefined
  let complete: (text: string) => Promise<Completions> = () => Promise.resolve({ from: 0, words: [] })

  const draw = (): void => {
    if (open) region.draw(promptView(editor, state, { palette, columns: output.columns, rows: output.rows }))
  }
  const activity = spinner((shown) => {
    state.busy = shown
    draw()
  })
  const give = (entered: Entered | undefined): void => {
    const take = waiting
    waiting = undefined
    if (take !== undefined) take(entered)
    else if (entered !== undefined) entries.push(entered)
  }
  const end = (): void => {
    ended = true
    give(undefined)
  }
  /** Gives the terminal to somebody else. */
  const aside = <Result>(use: () => Result): Result => {
    const before = open
    release()
    try {
      return use()
    } finally {
      if (before) seize()
    }
  }
  const finishWord = async (): Promise<void> => {
    const { text, cursor } = editor.buffer
    const found = await complete(text.slice(0, cursor)).catch(() => undefined)
    if (found === undefined || editor.buffer.text !== text || editor.buffer.cursor !== cursor) return
    const { buffer, options } = completeWord(editor.buffer, found)
    editor.replace(buffer)
    state.options = options
    draw()
  }
  const act = (move: EditorMove): void => {
    state.options = []
    switch (move.type) {
      case 'entered':
        if (move.text.trim() !== '') give({ text: move.text, pasted: move.pasted })
        break
      case 'interrupt':
        interrupt()
        break
      case 'end':
        end()
        break
      case 'complete':
        void finishWord()
        break
      case 'clear-screen':
        clear()
        break
      case 'open-editor':
        write(editor.buffer.text)
        break
      case 'suspend':
        suspend()
        break
      case 'changed':
    }
    draw()
  }
  const write = (text: string): void => {
    try {
      editor.replace(bufferOf(aside(() => editOutside(text, process.env))))
    } catch (error) {
      print(palette.red(error instanceof Error ? error.message : String(error)))
    }
  }
  const suspend = (): void => {
    release()
    process.once('SIGCONT', seize)
    process.kill(process.pid, 'SIGTSTP')
  }
  const clear = (): void => {
    region.erase()
    output.write(emptyScreen)
    draw()
  }
  const print = (text: string): void => {
    if (open) region.print(text)
    else output.write(`${text}\n`)
  }
  const onKey = (text: string | undefined, { name, ctrl, meta }: NodeKey): void => {
    const move = editor.press({ name, ctrl, meta, text })
    if (move !== undefined) act(move)
  }
  const onResize = (): void => draw()
  const leaveAsFound = (): void => release()
  const seize = (): void => {
    if (open || ended) return
    open = true
    input.setRawMode(true)
    input.resume()
    output.write(bracketedPaste.on)
    input.on('keypress', onKey)
    output.on('resize', onResize)
    process.once('exit', leaveAsFound)
    draw()
  }
  const release = (): void => {
    if (!open) return
    region.erase()
    open = false
    input.off('keypress', onKey)
    output.off('resize', onResize)
    process.off('exit', leaveAsFound)
    output.write(bracketedPaste.off)
    input.setRawMode(false)
    input.pause()
  }
  emitKeypressEvents(input)
  input.once('end', end)

  return {
    interactive: true,
    live: true,
    wraps: true,
    palette,
    get columns() {
      return output.columns
    },
    next: () => {
      seize()
      state.sending = false
      draw()
      const entered = entries.shift()
      state.sending = entered !== undefined
      if (entered !== undefined) return Promise.resolve(entered)
      if (ended) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        waiting = (next) => {
          state.sending = true
          resolve(next)
        }
      })
    },
    echo: (text) => print(echoed(text, palette, output.columns)),
    print,
    remark: (text) => print(wrapped(text, output.columns - 1).join('\n')),
    growing: (lines) => {
      state.growing = lines
      draw()
    },
    busy: (what) => activity.show(what),
    note: (text) => {
      state.note = text
      draw()
    },
    onInterrupt: (handler) => {
      interrupt = handler
    },
    completeBy: (by) => {
      complete = by
    },
    edit: (text) => Promise.resolve(aside(() => editOutside(text, process.env))),
    clear,
    draft: (text) => {
      editor.replace(bufferOf(text))
      draw()
    },
    close: () => {
      activity.show(undefined)
      end()
      release()
    },
  }
}
