import { earlyKeys, type EarlyKeys } from '../editor/early-keys.ts'
import { editOutside } from '../editor/edit-outside.ts'
import { keySource, type NodeKey } from '../editor/key-source.ts'
import { keyName, type Key } from '../editor/key.ts'
import { lineEditor, type EditorMove } from '../editor/line-editor.ts'
import { lineHistory } from '../editor/line-history.ts'
import { completeWord } from '../editor/complete-word.ts'
import { paletteFor } from '../output/palette.ts'
import { beforeEnd } from '../terminal/before-end.ts'
import { liveRegion } from '../terminal/live-region.ts'
import { screenSize } from '../../stack/screen-size.ts'
import { wrapped } from '../terminal/wrap.ts'
import { spinner } from '../terminal/spinner.ts'
import type { ChatConsole, Completions, Entered } from './console.ts'
import { addToHistory, readHistory } from './history-file.ts'
import { echoed, promptViewer, type PromptState } from './prompt-view.ts'

/** A chat at a terminal, also before there is anything to talk to. */
export interface TerminalConsole extends ChatConsole {
  /**
   * From now on the keyboard is the chat's, though no prompt is there: what is typed is not echoed into what others write, and stands in the
   * prompt when that comes; a line that was entered is the first entry then. Several lines that were in the terminal before stand in the prompt as
   * one text. Until the prompt is there Ctrl-C does this.
   */
  listen(onInterrupt: () => void): void
}

const bracketedPaste = { on: '\u001b[?2004h', off: '\u001b[?2004l' }
const emptyScreen = '\u001b[H\u001b[2J'
const emptyLine = '\r\u001b[2K'

/** A terminal. The line that is being typed stays at the bottom, with what grows above it and a quiet line below, whatever is printed over them. */
export function terminalConsole(streams: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream; readonly historyFile: string }): TerminalConsole {
  const { input, output, historyFile } = streams
  const palette = paletteFor(output)
  const region = liveRegion(output)
  const keys = keySource(input)
  const editor = lineEditor(lineHistory(readHistory(historyFile), (entry) => addToHistory(historyFile, entry)))
  const state: PromptState = { growing: [], busy: undefined, note: '', options: [], sending: false }
  let waiting: ((entered: Entered | undefined) => void) | undefined
  const entries: Entered[] = []
  /** Keys come here. */
  let listening = false
  /** And the prompt is there. */
  let open = false
  let ended = false
  let forgetEnd: (() => void) | undefined
  /** The terminal is somebody else's; these texts are printed when it is back. */
  let heldBack: string[] | undefined
  /** Reads the keys that were in the terminal before they came here. */
  let early: EarlyKeys | undefined
  let interruptStart: () => void = () => undefined
  let interrupt: () => void = () => undefined
  let complete: (text: string) => Promise<Completions> = () => Promise.resolve({ from: 0, words: [] })

  const viewOf = promptViewer(editor)
  let drawing = false
  /** Once for all that comes in one piece: a paste can be thousands of keys. */
  const draw = (): void => {
    if (drawing) return
    drawing = true
    queueMicrotask(drawNow)
  }
  const drawNow = (): void => {
    drawing = false
    if (open) region.draw(viewOf(state, { palette, ...screenSize(output) }))
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
  /** Gives the terminal to somebody else. What is to be printed meanwhile comes when it is back. */
  const aside = async <Result>(use: () => Promise<Result>): Promise<Result> => {
    const back = takeBack()
    release()
    const held: string[] = []
    heldBack = held
    try {
      return await use()
    } finally {
      heldBack = undefined
      back()
      for (const text of held) print(text)
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
        void write(editor.typed)
        break
      case 'suspend':
        suspend()
        break
      case 'changed':
    }
    draw()
  }
  const write = async (text: string): Promise<void> => {
    try {
      editor.retype(await aside(() => editOutside(text, process.env)))
      draw()
    } catch (error) {
      print(palette.red(error instanceof Error ? error.message : String(error)))
    }
  }
  /**
   * As a terminal does it that keeps its keyboard: all that were started together stop, `npm start` too, else the shell would go on waiting for
   * them. The call returns when they go on; at once where there is no shell that could let them.
   */
  const suspend = (): void => {
    const back = takeBack()
    release()
    try {
      process.kill(0, 'SIGTSTP')
    } finally {
      back()
    }
  }
  const clear = (): void => {
    region.erase()
    output.write(emptyScreen)
    draw()
  }
  const print = (text: string): void => {
    if (heldBack !== undefined) heldBack.push(text)
    else if (open) region.print(text)
    else output.write(`${text}\n`)
  }
  const onKey = (text: string | undefined, { name, ctrl, meta }: NodeKey): void => {
    const key = { name, ctrl, meta, text }
    for (const read of early?.read(key) ?? [key]) press(read)
  }
  const press = (key: Key): void => {
    const move = editor.press(key)
    if (move === undefined) return
    if (open) act(move)
    else actAhead(move, keyName(key) === 'ctrl-c')
  }
  /** Before the prompt is there nothing of it is seen, so there is nothing to complete or to clear. A line that Ctrl-C gives up can be called back. */
  const actAhead = (move: EditorMove, isInterrupt: boolean): void => {
    if (isInterrupt && editor.buffer.text === '') interruptStart()
    else if (move.type === 'entered' || move.type === 'end' || move.type === 'suspend') act(move)
  }
  const beginEarly = (piece: Buffer | string): void => {
    if (!open) early = earlyKeys(String(piece))
  }
  const endEarly = (): void => {
    for (const key of early?.end() ?? []) press(key)
    early = undefined
  }
  const onResize = (): void => draw()
  /** A line that was begun can be called back in the next chat. */
  const leaveAsFound = (): void => {
    editor.keep()
    release()
  }
  const listen = (): void => {
    if (listening || ended || heldBack !== undefined) return
    listening = true
    forgetEnd ??= beforeEnd(leaveAsFound)
    input.setRawMode(true)
    input.resume()
    output.write(bracketedPaste.on)
    keys.on(onKey)
    output.on('resize', onResize)
  }
  const seize = (): void => {
    if (open || ended || heldBack !== undefined) return
    listen()
    open = true
    draw()
  }
  /** As it is now, for when the terminal has been somebody else's. */
  const takeBack = (): (() => void) => (open ? seize : listening ? listen : () => undefined)
  const release = (): void => {
    if (!listening) return
    region.erase()
    listening = false
    open = false
    keys.off(onKey)
    output.off('resize', onResize)
    output.write(bracketedPaste.off)
    input.setRawMode(false)
    input.pause()
  }
  input.once('end', end)
  // Of a terminal that is gone, from which nothing more comes.
  input.on('error', end)

  return {
    interactive: true,
    live: true,
    wraps: true,
    listen: (onInterrupt) => {
      interruptStart = onInterrupt
      // Around the listener that makes keys of the piece.
      input.prependOnceListener('data', beginEarly)
      listen()
      input.once('data', endEarly)
      // What was typed while the program was being loaded stands here: it comes as keys too.
      output.write(emptyLine)
    },
    palette,
    get columns() {
      return screenSize(output).columns
    },
    next: () => {
      seize()
      const entered = entries.shift()
      state.sending = entered !== undefined
      draw()
      if (entered !== undefined) return Promise.resolve(entered)
      if (ended) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        waiting = (next) => {
          state.sending = true
          resolve(next)
        }
      })
    },
    echo: (text) => print(echoed(text, palette, screenSize(output).columns)),
    print,
    remark: (text) => print(wrapped(text, screenSize(output).columns - 1).join('\n')),
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
    edit: (text) => aside(() => editOutside(text, process.env)),
    clear,
    draft: (text) => {
      editor.retype(text)
      draw()
    },
    close: () => {
      activity.show(undefined)
      end()
      leaveAsFound()
      forgetEnd?.()
    },
  }
}
