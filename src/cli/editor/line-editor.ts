import { bufferOf, emptyBuffer, insert, toOtherLine, type EditBuffer } from './edit-buffer.ts'
import { historySearch, type HistorySearch } from './history-search.ts'
import { keyEdits } from './key-edits.ts'
import { characterOf, keyName, type Key } from './key.ts'
import type { LineHistory } from './line-history.ts'
import { pasting } from './pasting.ts'

/** What a key came to, as far as somebody else has to act on it. `changed`: the line looks different now. */
export type EditorMove =
  | { readonly type: 'changed' | 'interrupt' | 'end' | 'complete' | 'clear-screen' | 'open-editor' | 'suspend' }
  /** `pasted`: it begins with what was pasted, so it is no command. */
  | { readonly type: 'entered'; readonly text: string; readonly pasted: boolean }

export interface LineEditor {
  readonly buffer: EditBuffer
  /** The line as one would type it: a message that begins with a slash because it was pasted begins with two. */
  readonly typed: string
  /** Set while one searches the history. */
  readonly search: HistorySearch | undefined
  /** Undefined: nothing has happened. */
  press(key: Key): EditorMove | undefined
  /** Puts this in place of the line. */
  replace(buffer: EditBuffer): void
  /** Puts a text in place of the line that stands for what it would be if it were typed. */
  retype(text: string): void
  /** The line can be called back later, as one that was entered; with what has come of a paste. */
  keep(): void
}

/** A line, or several, that are typed, pasted, searched and entered. It knows keys and texts; what a terminal is, it does not know. */
export function lineEditor(history: LineHistory): LineEditor {
  let buffer = emptyBuffer
  let search: HistorySearch | undefined
  let pasted = false
  let prefixed = false
  const paste = pasting()

  const set = (next: EditBuffer): EditorMove => {
    if (next.text !== buffer.text) history.leave()
    if (next.text === '') pasted = false
    buffer = next
    return { type: 'changed' }
  }
  const recall = (entry: string | undefined): EditorMove | undefined => {
    if (entry === undefined) return undefined
    pasted = false
    buffer = bufferOf(entry)
    return { type: 'changed' }
  }
  const older = (): EditorMove | undefined => recall(history.older(asTyped(buffer.text, pasted)))
  const keep = (): void => {
    const begun = paste.begun
    history.add(asTyped(insert(begun)(buffer).text, pasted || (begun !== '' && buffer.cursor === 0)))
  }
  const enter = (): EditorMove => {
    if (buffer.text.slice(0, buffer.cursor).endsWith('\\')) return set({ text: `${buffer.text.slice(0, buffer.cursor - 1)}\n${buffer.text.slice(buffer.cursor)}`, cursor: buffer.cursor })
    const entered = { type: 'entered', text: buffer.text, pasted } as const
    keep()
    buffer = emptyBuffer
    pasted = false
    return entered
  }
  const takePasted = (text: string): EditorMove => {
    if (buffer.cursor === 0) pasted = true
    search = undefined
    return set(insert(text)(buffer))
  }
  const giveUp = (): EditorMove => {
    if (buffer.text === '') return { type: 'interrupt' }
    keep()
    return set(emptyBuffer)
  }

  const pressInSearch = (looking: HistorySearch, key: Key): EditorMove | undefined => {
    const next = looking.press(key)
    if (next.type === 'searching') search = next.search
    else {
      search = undefined
      if (next.type === 'taken') recall(next.text)
      if (next.type === 'taken' && next.passOn) return press(key) ?? { type: 'changed' }
    }
    return { type: 'changed' }
  }

  const keyMoves: Readonly<Record<string, () => EditorMove | undefined>> = {
    return: enter,
    'ctrl-c': giveUp,
    'ctrl-d': () => (buffer.text === '' ? { type: 'end' } : set(keyEdits.delete?.(buffer) ?? buffer)),
    'ctrl-l': () => ({ type: 'clear-screen' }),
    'ctrl-z': () => ({ type: 'suspend' }),
    'ctrl-r': () => {
      search = historySearch(history)
      return { type: 'changed' }
    },
    tab: () => ({ type: 'complete' }),
    up: () => toLine('up'),
    down: () => toLine('down'),
    'ctrl-p': older,
    'ctrl-n': () => recall(history.newer()),
    'ctrl-x': () => {
      prefixed = true
      return undefined
    },
  }
  const toLine = (direction: 'up' | 'down'): EditorMove | undefined => {
    const other = toOtherLine(buffer, direction)
    if (other !== undefined) return set(other)
    return direction === 'up' ? older() : recall(history.newer())
  }

  const press = (key: Key): EditorMove | undefined => {
    const piece = paste.press(key)
    if (piece === 'within') return undefined
    if (piece !== undefined) return takePasted(piece.text)
    if (search !== undefined) return pressInSearch(search, key)
    const name = keyName(key)
    if (prefixed) {
      prefixed = false
      if (name === 'ctrl-e') return { type: 'open-editor' }
    }
    const move = keyMoves[name]
    if (move !== undefined) return move()
    const edit = keyEdits[name]
    if (edit !== undefined) return set(edit(buffer))
    const character = characterOf(key)
    return character === undefined ? undefined : set(insert(character)(buffer))
  }

  return {
    get buffer() {
      return buffer
    },
    get search() {
      return search
    },
    get typed() {
      return asTyped(buffer.text, pasted)
    },
    press,
    replace: (next) => void set(next),
    retype: (text) => {
      set(bufferOf(text))
      pasted = false
    },
    keep,
  }
}

/** Only texts are kept, so what was pasted must be told from a command by its text. */
const asTyped = (text: string, pasted: boolean): string => (pasted && text.trimStart().startsWith('/') ? text.replace('/', '//') : text)
