import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEntry } from '../../src/cli/chat/parse-line.ts'
import { completeWord } from '../../src/cli/editor/complete-word.ts'
import { bufferOf, deleteBackward, insert, left, right, wordLeft, type EditBuffer } from '../../src/cli/editor/edit-buffer.ts'
import { earlyKeys } from '../../src/cli/editor/early-keys.ts'
import { editorViewer } from '../../src/cli/editor/editor-view.ts'
import { graphemesOf } from '../../src/cli/terminal/graphemes.ts'
import { keySource } from '../../src/cli/editor/key-source.ts'
import type { Key } from '../../src/cli/editor/key.ts'
import { lineEditor, type EditorMove } from '../../src/cli/editor/line-editor.ts'
import { lineHistory } from '../../src/cli/editor/line-history.ts'
import { wellFormed } from '../../src/protocol/well-formed.ts'

const named = (name: string): Key => {
  const [, ctrl, alt, key = ''] = /^(ctrl-)?(alt-)?(.*)$/.exec(name) ?? []
  return { name: key, ctrl: ctrl !== undefined, meta: alt !== undefined }
}

/** Words in angle brackets are keys: `hello<left><ctrl-w>`. */
function pressing(earlier: readonly string[] = [], editor = lineEditor(lineHistory(earlier, () => undefined))) {
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
    type('<paste-start>/exit<return>a<tab>b<ctrl-d><return><paste-end>')
    expect(moves).toEqual([])
    type('<return>')
    expect(moves).toEqual([{ type: 'entered', text: '/exit\na\tb\n', pasted: true }])
    type('/say <paste-start>/exit<paste-end><return>')
    expect(moves.at(-1)).toEqual({ type: 'entered', text: '/say /exit', pasted: false })
  })

  test('has one line break for each that was pasted, however it is written [cli:chat]', () => {
    expect(pressing().type('<paste-start>a<return><enter>b<enter><enter>c<return><return>d<paste-end>')).toBe('a\nb\n\nc\n\nd')
    expect(pressing().type('<paste-start>a<return><paste-end><paste-start><enter>b<paste-end>')).toBe('a\n\nb')
  })

  test('gets the keys back by Ctrl-C where a paste has no end, with what has come of it; a late end counts for nothing [cli:chat]', () => {
    const { type, moves, editor } = pressing(['earlier'])
    expect(type('<paste-start>half<ctrl-c>')).toBe('half')
    expect(type('!<paste-end>?')).toBe('half!?')
    type('<ctrl-r>ear<paste-end>')
    expect(editor.search?.found).toBe('earlier')
    type('<ctrl-g><ctrl-c><ctrl-c>')
    expect(moves).toEqual([{ type: 'interrupt' }])
  })

  test('is cleared by Ctrl-C, and can be called back; only without a line it is an interrupt [cli:chat]', () => {
    const { type, moves } = pressing()
    expect(type('a long thought<ctrl-c>')).toBe('')
    expect(moves).toEqual([])
    expect(type('<up>')).toBe('a long thought')
    type('<ctrl-c><ctrl-c>')
    expect(moves).toEqual([{ type: 'interrupt' }])
  })

  test('can be called back where it is kept, as one that was entered [cli:typed-is-kept]', () => {
    const kept: string[] = []
    const editor = lineEditor(lineHistory([], (entry) => kept.push(entry)))
    editor.keep()
    editor.replace(bufferOf('a draft'))
    editor.keep()
    editor.keep()
    expect(kept).toEqual(['a draft'])
  })

  test('is called back as the message that it was, where it began with a slash and was pasted [cli:chat cli:typed-is-kept]', () => {
    const said = (ways: string) => {
      const { type, moves } = pressing()
      type(ways)
      return moves.flatMap((move) => (move.type === 'entered' ? [readEntry(move)] : []))
    }
    const message = { type: 'message', text: '/etc/hosts' }
    const pasted = '<paste-start>/etc/hosts<paste-end>'
    for (const again of ['<up>', '<ctrl-p>', '<ctrl-r>hosts<escape>']) {
      expect(said(`${pasted}<return>${again}<return>`)).toEqual([message, message])
      expect(said(`${pasted}<ctrl-c>${again}<return>`)).toEqual([message])
    }
    expect(said(`/help<return>${pasted}<up><down><return>`)).toEqual([{ type: 'command', name: 'help', argument: '' }, message])
    expect(said('<paste-start> //server<paste-end><return><up><return>')).toEqual([{ type: 'message', text: '//server' }, { type: 'message', text: '//server' }])
    expect(said('/help<return><up><return>')).toEqual([{ type: 'command', name: 'help', argument: '' }, { type: 'command', name: 'help', argument: '' }])
  })

  test('is kept as the message that it was to be, where a paste that begins with a slash has not come to its end [cli:typed-is-kept]', () => {
    const kept: string[] = []
    const { type, editor } = pressing([], lineEditor(lineHistory([], (entry) => kept.push(entry))))
    type('<paste-start>/etc/ho')
    editor.keep()
    type('<ctrl-c>sts')
    editor.keep()
    expect(kept).toEqual(['//etc/ho', '//etc/hosts'])
  })

  test('goes to the editor as one would type it, and what comes back is read as typed [cli:chat]', () => {
    const { type, moves, editor } = pressing()
    type('<paste-start>/etc/hosts<paste-end>')
    expect(editor.typed).toBe('//etc/hosts')
    editor.retype(editor.typed)
    type('<return>')
    type('<paste-start>/etc/hosts<paste-end>')
    editor.retype('/exit')
    type('<return>')
    expect(moves.flatMap((move) => (move.type === 'entered' ? [readEntry(move)] : []))).toEqual([{ type: 'message', text: '/etc/hosts' }, { type: 'command', name: 'exit', argument: '' }])
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

describe('keys as terminals send them', () => {
  /** The line, and what it came to, by what a terminal sends; cut as `pieces` says. */
  function sent(...pieces: readonly (string | Buffer)[]) {
    const { editor, moves } = pressing()
    const input = new PassThrough()
    keySource(input).on((text, key) => {
      const move = editor.press({ ...key, text })
      if (move !== undefined && move.type !== 'changed') moves.push(move)
    })
    for (const piece of pieces) input.emit('data', typeof piece === 'string' ? Buffer.from(piece) : piece)
    return { text: editor.buffer.text, moves: moves.map(({ type }) => type) }
  }

  test.each(['\u001b\r', '\u001b[27;2;13~', '\u001b[27;3;13~', '\u001b[27;6;13~', '\u001b[13;2u', '\u001b[13;5u', '\u001b[13;2:1u', '\u001b[13;2;13u'])('begin another line by Enter with another key held, in each form: %j [cli:chat]', (enter) => {
    expect(sent(`one${enter}two`)).toEqual({ text: 'one\ntwo', moves: [] })
  })

  test.each([
    ['\u001b[99;5u', 'interrupt'],
    ['\u001b[100;5u', 'end'],
    ['\u001b[27;5;99~', 'interrupt'],
    ['\u001b[13u', 'entered'],
    ['\u001b[9u', 'complete'],
  ])('are known by their numbers: %j [cli:chat]', (key, move) => {
    expect(sent(key)).toEqual({ text: '', moves: [move] })
  })

  test('by numbers write what they write otherwise; a key that is let go of writes nothing [cli:chat]', () => {
    expect(sent('\u001b[97u\u001b[97;2u\u001b[228;1:1u\u001b[228;1:3u\u001b[98;1:2u')).toEqual({ text: 'aAäb', moves: [] })
    expect(sent('one two\u001b[127;5ua\u001b[97;5u\u001b[98;3ub')).toEqual({ text: 'bone a', moves: [] })
    expect(sent('a\u001b[57441u\u001b[57358;1:3u\u001b[1114112u\u001b[55296u')).toEqual({ text: 'a', moves: [] })
  })

  const answers = ['\u001b[?62;22c', '\u001b[24;80R', '\u001b]11;rgb:1a1a/1b1b/1c1c\u0007', '\u001b]11;rgb:1a1a/1b1b/1c1c\u001b\\', '\u001bP>|xterm(367)\u001b\\', '\u001b[<35;10;20M', '\u001b[I', '\u001b[1;10A', '\u001b[38;5;12m', '\u001b[?2004;1$y', '\u001b[[A']
  test.each(answers)('leave nothing in the line where they are none of it: %j [cli:chat]', (answer) => {
    expect(sent(`a${answer}b`)).toEqual({ text: 'ab', moves: [] })
    expect(sent(`\u001b[200~a${answer}b\u001b[201~`)).toEqual({ text: 'ab', moves: [] })
  })

  test('are the same wherever what comes is cut [cli:chat]', () => {
    const keys = Buffer.from('é😀\u001b[27;2;13~b\u001b[D\u001b[1;5Dc\u001b[200~x\u001b[38;5;12my\r\u001b[201~')
    const whole = sent(keys)
    expect(whole.text).toBe('cxy\né😀\nb')
    for (let at = 1; at < keys.length; at += 1) expect(sent(keys.subarray(0, at), keys.subarray(at)), `cut at ${at}`).toEqual(whole)
    expect(sent(...Array.from(keys, (byte) => Buffer.from([byte])))).toEqual(whole)
  })
})

describe('what is in the terminal before the editor has the keys', () => {
  const signs: Readonly<Record<string, string>> = { '<return>': '\r', '<enter>': '\n', '<ctrl-c>': '\u0003', '<paste-start>': '\u001b[200~', '<paste-end>': '\u001b[201~' }
  /** Typed before, and from then on: in one piece; and what comes in pieces of its own. */
  function comingIn(piece: string, afterwards = '') {
    const { editor, moves, type } = pressing()
    const early = earlyKeys(piece.replaceAll(/<[a-z-]+>/g, (sign) => signs[sign] ?? sign))
    const press = (keys: readonly Key[]): void => {
      for (const move of keys.flatMap((key) => editor.press(key) ?? [])) if (move.type !== 'changed') moves.push(move)
    }
    for (const [, name, character] of piece.matchAll(/<([a-z-]+)>|([^])/gu)) press(early.read(name === undefined ? { text: character, name: character } : named(name)))
    press(early.end())
    type(afterwards)
    return { text: editor.buffer.text, entered: moves.map((move) => (move.type === 'entered' ? [move.text, move.pasted] : move.type)) }
  }

  test('is entered where it is one line that Enter ended, a command too, and else is a draft [cli:typed-is-kept]', () => {
    expect(comingIn('hello<enter>')).toEqual({ text: '', entered: [['hello', false]] })
    expect(comingIn('<enter>/agents<enter><enter>').entered).toContainEqual(['/agents', false])
    expect(comingIn('hel', 'lo')).toEqual({ text: 'hello', entered: [] })
  })

  test('is one text where it is several lines, and no command [cli:typed-is-kept cli:chat]', () => {
    expect(comingIn('/exit<enter>two<enter>/exit<enter>')).toEqual({ text: '/exit\ntwo\n/exit\n', entered: [] })
    expect(comingIn('/exit<enter>two', ' and<return>')).toEqual({ text: '', entered: [['/exit\ntwo and', true]] })
  })

  test('does not change what the keys mean that come then [cli:typed-is-kept]', () => {
    expect(comingIn('one<enter>', 'a<enter>b')).toEqual({ text: 'a\nb', entered: [['one', false]] })
    expect(comingIn('one<enter>two', '<enter>three')).toEqual({ text: 'one\ntwo\nthree', entered: [] })
    expect(comingIn('one<return>two<return>th', 'ree')).toEqual({ text: 'three', entered: [['one', false], ['two', false]] })
    expect(comingIn('one<enter>two<return>/help<return>')).toEqual({ text: '', entered: [['one\ntwo', true], ['/help', false]] })
    expect(comingIn('one<enter><paste-start>two<enter>/exit<enter><paste-end>')).toEqual({ text: 'two\n/exit\n', entered: [['one', false]] })
    expect(comingIn('one<enter>two<ctrl-c><ctrl-c>')).toEqual({ text: '', entered: ['interrupt'] })
  })
})

describe('a long line', () => {
  const inWhole = (text: string): string[] => Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment)
  /** Of each kind that joins its neighbours: line breaks, marks, joiners, skins, flags, Hangul, conjuncts, signs before numbers, halves of code points. */
  const kinds = ['a', ' ', '\r', '\n', '\r\n', '\t', 'e\u0301', '\u0301', '\u200d', '👩', '👩\u200d👩\u200d👧', '🏽', '🇩', '🇩🇪', '\u1100', '\u1161', '\u11a8', '각', 'क', '\u094d', '\u093f', '\u0600', '日', '\ud83d', '\udc69']

  test('has the same characters as in one piece [cli:chat]', () => {
    // Runs, so that pieces end within each of them.
    const run = fc.tuple(fc.constantFrom(...kinds), fc.nat(300)).map(([kind, times]) => kind.repeat(times))
    fc.assert(fc.property(fc.array(fc.oneof(run, fc.constantFrom(...kinds)), { maxLength: 12 }), (parts) => {
      expect(graphemesOf(parts.join(''))).toEqual(inWhole(parts.join('')))
    }))
    const oneCharacter = `a${'\u0301'.repeat(3_000)}`
    expect(graphemesOf(`b${oneCharacter}c`)).toEqual(['b', oneCharacter, 'c'])
  })

  test('is gone through by the same characters in both directions [cli:chat]', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...kinds.filter((kind) => kind !== '\r\n')), { maxLength: 30 }).map((parts) => wellFormed(parts.join('')).replaceAll('\r', '')), (text) => {
      const places = inWhole(text).reduce<number[]>((before, character) => [...before, (before.at(-1) ?? 0) + character.length], [0])
      const gone = (first: EditBuffer, edit: typeof left): number[] => {
        const found = [first.cursor]
        for (let next = edit(first); next.cursor !== found.at(-1); next = edit(next)) found.push(next.cursor)
        return found
      }
      expect(gone({ text, cursor: 0 }, right)).toEqual(places)
      expect(gone(bufferOf(text), left)).toEqual(places.toReversed())
    }))
  })

  test('is drawn from key to key as if it had been drawn anew each time [cli:chat]', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.array(fc.constantFrom(...kinds), { maxLength: 30 })), { minLength: 1, maxLength: 12 })
    fc.assert(fc.property(edits, fc.array(fc.integer({ min: 12, max: 40 }), { minLength: 1, maxLength: 3 }), (changes, widths) => {
      const remembering = editorViewer()
      let text = ''
      for (const [index, [at, removed, put]] of changes.entries()) {
        const place = at % (text.length + 1)
        text = text.slice(0, place) + put.join('') + text.slice(place + removed)
        const room = { prompt: 'you> ', columns: widths[index % widths.length] ?? 20, rows: 5 }
        const buffer = { text, cursor: Math.min(text.length, place + put.join('').length) }
        expect(remembering(buffer, room)).toEqual(editorViewer()(buffer, room))
      }
    }))
  })

  test('of 100,000 characters takes no longer for a key than a short one, by far: at its end, in its middle, with and without line breaks [cli:chat]', () => {
    for (const text of ['lorem ipsum '.repeat(8_400), 'ที่น้ำทำงานคำ'.repeat(8_000), 'lorem ipsum dolor sit amet\n'.repeat(3_800)]) {
      const editor = lineEditor(lineHistory([], () => undefined))
      editor.replace(bufferOf(text))
      const viewOf = editorViewer()
      const look = () => viewOf(editor.buffer, { prompt: 'you> ', columns: 79, rows: 10 })
      const typing = (): number => {
        look()
        const begun = process.cpuUsage()
        for (const character of 'and so on ') {
          editor.press({ text: character })
          look()
        }
        editor.press({ name: 'backspace' })
        editor.press({ name: 'left' })
        look()
        const { user, system } = process.cpuUsage(begun)
        return (user + system) / 1_000
      }
      // Of the processor's time, which a busy machine does not change. It was two seconds, and is some thirty milliseconds.
      expect(typing()).toBeLessThan(500)
      editor.replace({ text, cursor: text.length / 2 })
      expect(typing()).toBeLessThan(500)
    }
  })

  test('has the same words from its end as from its beginning', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...kinds, '\u00a0', '\u2028', '\ufeff'), { maxLength: 12 }).map((parts) => parts.join('')), (text) => {
      expect(wordLeft(bufferOf(text)).cursor).toBe(Math.max(0, text.search(/\S+\s*$/u)))
    }))
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
  const view = (text: string, columns = 20, rows = 5) => editorViewer()(bufferOf(text), { prompt: 'you> ', columns, rows })

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

  test('has the cursor behind what is before it, also where typing or deleting has made one character of two [cli:chat]', () => {
    const cursorAt = ({ text, cursor }: EditBuffer) => editorViewer()({ text, cursor }, { prompt: 'you> ', columns: 79, rows: 5 }).cursor.column
    const joined = [
      ['a consonant in front of another', insert('\u094d')(insert('क')({ text: 'देवष', cursor: 3 })), 8],
      ['halves of a flag', deleteBackward({ text: 'ab🇩x🇪', cursor: 'ab🇩x'.length }), 8],
      ['an accent', deleteBackward({ text: 'abx\u0301c', cursor: 3 }), 7],
      ['a syllable', insert('\u1112')({ text: 'ab\u1161', cursor: 2 }), 9],
    ] as const
    for (const [what, buffer, column] of joined) expect({ what, column: cursorAt(buffer) }).toEqual({ what, column })
    // What is typed next comes where it was meant to come.
    expect(insert('य')(joined[0][1]).text).toBe('देवक्यष')
    expect(left(joined[0][1]).cursor).toBe(3)
    expect(right(joined[0][1]).cursor).toBe(6)
  })

  test('has one break for a carriage return with a line feed', () => {
    expect(view('a\r\nb').lines).toEqual(['you> a', '     b'])
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

  test('gets no part of a character [cli:chat]', () => {
    expect(completeWord(bufferOf('/edit '), { from: 6, words: ['😀a', '😁b'] })).toEqual({ buffer: bufferOf('/edit '), options: ['😀a', '😁b'] })
    expect(completeWord(bufferOf('/edit a'), { from: 6, words: ['ab👩‍👧', 'ab👩‍👦'] }).buffer).toEqual(bufferOf('/edit ab'))
    expect(completeWord(bufferOf('/edit '), { from: 6, words: ['cafe', 'cafe\u0301'] }).buffer).toEqual(bufferOf('/edit caf'))
  })
})
