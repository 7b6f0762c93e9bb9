import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readTextFile } from '../../src/cli/input/text-file.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { limits } from '../../src/protocol/limits.ts'

const folder = mkdtempSync(join(tmpdir(), 'perdure-text-'))
const fileWith = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
function refusal(file: string): PerdureError {
  try {
    readTextFile(file, '--persona')
  } catch (error) {
    if (PerdureError.isInstance(error)) return error
  }
  throw new Error(`${file} was taken`)
}

describe('a persona comes from a text file', () => {
  test('the text is taken without blank edges and byte order mark [cli:chat]', () => {
    expect(readTextFile(fileWith('sam.txt', '\ufeffI am Sam.\n\nI like 茶.\n'), '--persona')).toBe('I am Sam.\n\nI like 茶.')
  })

  test.each([
    ['that is not there', () => join(folder, 'nowhere.txt'), 'is not there'],
    ['that is a folder', () => { mkdirSync(join(folder, 'sub')); return join(folder, 'sub') }, 'is a folder'],
    ['with bytes that are no text', () => fileWith('binary.txt', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1)), 'is not text'],
    ['in another encoding', () => fileWith('latin1.txt', Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65)), 'is not text'],
    ['that is empty', () => fileWith('empty.txt', ' \n'), 'is empty'],
    ['larger than a block', () => fileWith('long.txt', 'x'.repeat(limits.blockLimitCharacters + 7)), '7 too many'],
    ['much larger than a block', () => fileWith('huge.txt', 'x'.repeat(limits.blockLimitCharacters * 4)), 'too large'],
    ['that is a device', () => '/dev/zero', 'is no file'],
  ])('a file %s is refused by name, with what would be right [cli:chat]', (_, make, why) => {
    const file = make()
    const error = refusal(file)
    expect(error.code).toBe('file-unreadable')
    expect(error.message).toContain(`${file} `)
    expect(error.message).toContain(why)
    expect(error.message).toContain('--persona takes a text file (UTF-8) of at most 100,000 characters')
  })
})
