import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printable } from '../../src/cli/output/printable.ts'
import { beginning, oneLine, shorten } from '../../src/cli/output/text.ts'

// Built from code points, so that no editor or reader of this file is at their mercy.
const esc = String.fromCharCode(0x1b)
const bell = String.fromCharCode(7)
const rightToLeftOverride = String.fromCharCode(0x202e)

describe('text of others can do nothing to a terminal', () => {
  test('shows an escape sequence instead of obeying it', () => {
    expect(printable(`a${esc}[2Jb${esc}]0;title${bell}c`)).toBe('a␛[2Jb␛]0;title␇c')
  })

  test('takes away what turns the writing round, and C1 sequences', () => {
    expect(printable(`user${rightToLeftOverride}gpj.exe ${String.fromCharCode(0x9b)}31m`)).toBe('user\ufffdgpj.exe \ufffd31m')
  })

  test('a carriage return cannot overwrite a line, a Windows line break is one', () => {
    expect(printable('safe\rfake\r\nnext')).toBe('safe␍fake\nnext')
  })

  test('leaves letters of all kinds, tabs and line breaks as they are', () => {
    const text = 'Grüße, 你好 👩‍👩‍👧 שלום\n\tmore'
    expect(printable(text)).toBe(text)
  })

  test('no text keeps a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const codes = Array.from(printable(text), (character) => character.codePointAt(0) ?? 0)
        expect(codes.filter((code) => (code < 0x20 && code !== 9 && code !== 10) || (code >= 0x7f && code <= 0x9f))).toEqual([])
      }),
    )
  })
})

describe('long text is cut where it can be', () => {
  test('one line is one line, and not longer than asked for', () => {
    expect(oneLine('a\n b\t\tc  ', 10)).toBe('a b c')
    expect(oneLine('abcdefghij', 5)).toBe('abcd…')
  })

  test('never cuts within a character', () => {
    expect(shorten('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧👩‍👩‍👧…')
    expect(shorten('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧')
  })

  test('says how much is left out', () => {
    expect(beginning('one\ntwo\nthree', { lines: 2, characters: 100 })).toBe('one\ntwo … (6 more characters)')
    expect(beginning('one\ntwo', { lines: 2, characters: 100 })).toBe('one\ntwo')
  })
})
