import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addToHistory, readHistory } from '../../src/cli/chat/history-file.ts'
import { lineHistory, type LineHistory } from '../../src/cli/editor/line-history.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-history-'))
  file = join(folder, 'chat-history')
})
afterEach(() => rmSync(folder, { recursive: true }))

const chat = (): LineHistory => lineHistory(readHistory(file), (entry) => addToHistory(file, entry))

describe('what was entered in chats', () => {
  test('is there in the next one, newest first and each once, of several lines too [cli:chat]', () => {
    const first = chat()
    for (const entry of ['one', 'two\nlines', '"three"', 'one']) first.add(entry)
    expect(readHistory(file)).toEqual(['one', '"three"', 'two\nlines'])
    expect(chat().entries).toEqual(first.entries)
  })

  test('is kept of two chats at once, in the order in which it was entered [cli:chat]', () => {
    chat().add('before')
    const [here, there] = [chat(), chat()]
    here.add('first, here')
    there.add('second, there')
    here.add('third, here')
    expect(readHistory(file)).toEqual(['third, here', 'second, there', 'first, here', 'before'])
    expect(here.entries).toEqual(['third, here', 'first, here', 'before'])
  })

  test('is at most 500 entries', () => {
    const long = chat()
    for (let number = 0; number < 502; number += 1) long.add(String(number))
    expect(readHistory(file)).toEqual(Array.from({ length: 500 }, (_, index) => String(501 - index)))
  })

  test('can be unreadable: a chat goes on without it, and leaves it as it is [cli:chat]', () => {
    mkdirSync(file)
    const without = chat()
    without.add('entry')
    expect(without.entries).toEqual(['entry'])
    expect(readdirSync(folder)).toEqual(['chat-history'])
  })
})
