import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConversationFile } from '../../src/cli/input/conversation-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'perdure-conversation-'))
const fileWith = (content: string | Uint8Array): string => {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.jsonl`)
  writeFileSync(file, content)
  return file
}
const line = { role: 'user', text: 'I live in Porto.', at: '2024-05-08T13:56:00Z' }

describe('a conversation comes from a file', () => {
  test('as JSON Lines or as a list, also under the names of other exports [recall:never-deleted]', () => {
    const expected = [line, { ...line, role: 'assistant', text: 'Noted.' }]
    const other = { role: 'assistant', content: 'Noted.', timestamp: line.at }
    expect(readConversationFile(fileWith(`${JSON.stringify(line)}\n\n${JSON.stringify(other)}\n`))).toEqual(expected)
    expect(readConversationFile(fileWith(JSON.stringify([line, other])))).toEqual(expected)
  })

  test.each([
    ['that is not there', () => join(folder, 'nowhere.jsonl'), "can't be read"],
    ['that is empty', () => fileWith(' \n'), 'is empty'],
    ['that is no text', () => fileWith(Uint8Array.of(0xff, 0xfe, 0x00)), "can't be read"],
    ['that is not JSON', () => fileWith(`${JSON.stringify(line)}\n{oops`), 'is not JSON at line 2'],
    ['with an unknown role', () => fileWith(JSON.stringify({ ...line, role: 'tool' })), 'number 1: role is user or assistant'],
    ['without a text', () => fileWith(JSON.stringify([line, { role: 'user', at: line.at }])), 'number 2: text is missing'],
    ['without a time', () => fileWith(JSON.stringify([{ role: 'user', text: 'x', at: 'yesterday' }])), 'at is missing or no time'],
  ])('one %s is refused by name and place [cli:chat]', (_, make, why) => {
    const file = make()
    expect(() => readConversationFile(file)).toThrow(expect.objectContaining({ code: 'file-unreadable', message: expect.stringMatching(new RegExp(`^${file.replaceAll('.', '\\.')} .*${why}`)) as unknown }))
  })
})
