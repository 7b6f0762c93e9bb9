import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseDocument } from './parse-document.ts'

const cases = new URL('cases/', import.meta.url)
const bytesOf = (folder: string, file: string): Uint8Array => readFileSync(new URL(`${folder}/${file}`, cases))

const given = readdirSync(cases).flatMap((folder) => {
  const expected = JSON.parse(readFileSync(new URL(`${folder}/expect.json`, cases), 'utf8')) as Readonly<Record<string, readonly string[]>>
  return Object.entries(expected).map(([file, texts]) => ({ folder, file, texts }))
})

describe('files as people reported them lose no text', () => {
  test.each(given)('$folder: $file [documents:load]', async ({ folder, file, texts }) => {
    const { chunks } = await parseDocument({ name: file, bytes: bytesOf(folder, file) })
    const all = chunks.map(({ text }) => text).join('\n')
    for (const text of texts) expect(all).toContain(text)
  })

  test('letters of a PDF that the file does not name are no text but where it says how they are read, and their page is named [documents:load]', async () => {
    const { chunks, unread } = await parseDocument({ name: 'a.pdf', bytes: bytesOf('pdf-from-a-browser', 'letters-without-names.pdf') })
    expect(chunks.map(({ text, page }) => [text, page])).toEqual([['Lamps', 1], ['台\nの\n鍵', 2]])
    expect(unread).toBe('page 2 has letters of which the file shows the form and does not say which they are; run text recognition over it first')
  })

  test('HZ is read as Chinese [documents:load]', async () => {
    const { chunks } = await parseDocument({ name: 'zh-hz.txt', bytes: bytesOf('seven-bit-encodings', 'zh-hz.txt') })
    expect(chunks[0]?.text).toContain('灯塔的钥匙')
  })
})
