import { describe, expect, test } from 'vitest'
import { completeWord } from '../../src/cli/editor/complete-word.ts'
import { bufferOf } from '../../src/cli/editor/edit-buffer.ts'
import { editorView } from '../../src/cli/editor/editor-view.ts'
import type { Key } from '../../src/cli/editor/key.ts'
import { lineEditor, type EditorMove } from '../../src/cli/editor/line-editor.ts'
import { lineHistory } from '../../src/cli/editor/line-history.ts'

const named = (name: string): Key => {
  const [, ctrl, alt, key = ''] = /^(ctrl-)?(alt-)?(.*)$/.exec(name) ?? []
  return { name: key, ctrl: ctrl !== undefined, meta: alt !== undefined }
}

/** Words in angle brackets are keys: `hello<left><ctrl-w>`. */
function pressing(earlier: readonly string[] = []) {
  const editor = lineEditor(lineHistory(earlier, () => undefined))
  const moves: EditorMove[] = []
  return {
    editor,
    moves,
    type: (keys: string) => {
      for (const [, name, character] of keys.matchAll(/<([a-z-]+)>|([^])/gu)) {
        const move = editor.press(name === undefined ? { text: character, name: character } : named(name))
        if (move !== undefined && move.type !== 'changed') moves.push(move)
      }
      return editor.buffer.text
    },
  }
}

describe('a line that is typed', () => {
  test('is edited as in a shell, by characters as people see them', () => {
    expect(pressing().type('hello world<ctrl-w>there<ctrl-a>oh, <ctrl-e>!')).toBe('oh, hello there!')
    expect(pressing().type('a👩‍👩‍👧b<left><backspace>')).toBe('ab')
    expect(pressing().type('日本語<left><left><delete>')).toBe('日語')
    expect(pressing().type('one two three<alt-b><alt-b><ctrl-k>')).toBe('one ')
  })

  test('is entered by Enter; Alt-Enter and a backslash begin another line of the same message [cli:chat]', () => {
    const { type, moves } = pressing()
    type('first<alt-return>second\\<return>third<return>')
    expect(moves).toEqual([{ type: 'entered', text: 'first\nsecond\nthird', pasted: false }])
  })

  test('is entered whole where several lines were pasted, and is no command [cli:chat]', () => {
    const { type, moves } = pressing()
    type('<paste-start>/exit<return>a<tab>b<ctrl-c><return><paste-end>')
    expect(moves).toEqual([])
    type('<return>')
    expect(moves).toEqual([{ type: 'entered', text: '/exit\na\tb\n', pasted: true }])
    type('/say <paste-start>/exit<paste-end><return>')
    expect(moves.at(-1)).toEqual({ type: 'entered', text: '/say /exit', pasted: false })
  })

  test('is cleared by Ctrl-C, and can be called back; only without a line it is an interrupt [cli:chat]', () => {
    const { type, moves } = pressing()
    expect(type('a long thought<ctrl-c>')).toBe('')
    expect(moves).toEqual([])
    expect(type('<up>')).toBe('a long thought')
    type('<ctrl-c><ctrl-c>')
    expect(moves).toEqual([{ type: 'interrupt' }])
  })

  test('ends the input by Ctrl-D where it is empty, and deletes where it is not', () => {
    const { type, moves } = pressing()
    expect(type('ab<left><ctrl-d>')).toBe('a')
    type('<backspace><ctrl-d>')
    expect(moves).toEqual([{ type: 'end' }])
  })

  test('goes to the editor by Ctrl-X Ctrl-E', () => {
    const { type, moves } = pressing()
    type('draft<ctrl-x><ctrl-e>')
    expect(moves).toEqual([{ type: 'open-editor' }])
  })
})

describe('what was entered before', () => {
  test('comes back by Up and Down, and the draft with it', () => {
    const { type } = pressing(['newest', 'older'])
    expect(type('draft<up>')).toBe('newest')
    expect(type('<up><up>')).toBe('older')
    expect(type('<down><down>')).toBe('draft')
  })

  test('is found by Ctrl-R: again for older ones, Escape takes, Ctrl-G leaves [cli:chat]', () => {
    const { type, editor } = pressing(['buy milk', 'the key', 'buy bread'])
    type('<ctrl-r>buy')
    expect(editor.search?.found).toBe('buy milk')
    type('<ctrl-r>')
    expect(editor.search?.found).toBe('buy bread')
    expect(type('<escape>')).toBe('buy bread')
    expect(type('<ctrl-r>key<ctrl-g>')).toBe('buy bread')
    type('<ctrl-r>nowhere')
    expect(editor.search?.found).toBeUndefined()
  })

  test('moves within a message of several lines before it leaves it', () => {
    const { type, editor } = pressing(['earlier'])
    type('one<alt-return>two<up>')
    expect(editor.buffer).toEqual({ text: 'one\ntwo', cursor: 3 })
    expect(type('<up>')).toBe('earlier')
  })
})

describe('the line as it is drawn', () => {
  const view = (text: string, columns = 20, rows = 5) => editorView(bufferOf(text), { prompt: 'you> ', columns, rows })

  test('wide characters take two columns, combining marks none [cli:chat]', () => {
    expect(view('日本').cursor).toEqual({ row: 0, column: 9 })
    expect(view('e\u0301').cursor).toEqual({ row: 0, column: 6 })
    expect(view('👩‍👩‍👧').cursor).toEqual({ row: 0, column: 7 })
  })

  test('is broken where the terminal ends, never within a character', () => {
    expect(view('日'.repeat(8)).lines).toEqual([`you> ${'日'.repeat(7)}`, '     日'])
    expect(view('a\nb').lines).toEqual(['you> a', '     b'])
  })

  test('of a long text shows what is around the cursor', () => {
    const { lines, cursor } = view(Array.from({ length: 30 }, (_, index) => String(index)).join('\n'))
    expect(lines).toHaveLength(5)
    expect(lines[cursor.row]).toContain('29')
  })

  test('what could move the cursor is shown as a sign', () => {
    expect(view('a\u001b[2Jb').lines).toEqual(['you> a␛[2Jb'])
  })
})

describe('a word that is completed', () => {
  test('is whole where there is one way only; else as far as all agree, and one is told the ways [cli:chat]', () => {
    expect(completeWord(bufferOf('/mem'), { from: 1, words: ['memory'] })).toEqual({ buffer: bufferOf('/memory '), options: [] })
    expect(completeWord(bufferOf('/m'), { from: 1, words: ['memory', 'memorywarning'] })).toEqual({ buffer: bufferOf('/memory'), options: ['memory', 'memorywarning'] })
    expect(completeWord(bufferOf('/x'), { from: 1, words: [] })).toEqual({ buffer: bufferOf('/x'), options: [] })
  })
})
