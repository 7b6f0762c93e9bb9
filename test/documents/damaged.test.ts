import { describe, expect, test } from 'vitest'
import { docxOf, pdfOf } from './made-files.ts'
import { parseDocument, textIn } from './parse-document.ts'

const broken = { code: 'document-broken' }

describe('what is damaged loses no text without a word', () => {
  test('a packed document whose sum is another, or whose directory names another part, or fewer, is refused [documents:load documents:faithful]', async () => {
    const bytes = Buffer.from(docxOf([['Normal', 'The lamp is lit.']]))
    const directory = bytes.indexOf('PK\u0001\u0002')
    const changes: readonly ((copy: Buffer) => void)[] = [
      (copy) => copy.writeUInt32LE(7, copy.lastIndexOf('word/document.xml') - 46 + 16),
      (copy) => copy.write('word/documint.xml', copy.lastIndexOf('word/document.xml')),
      (copy) => [8, 10].forEach((field) => copy.writeUInt16LE(4, copy.lastIndexOf('PK\u0005\u0006') + field)),
      (copy) => copy.write('X', directory),
    ]
    for (const change of changes) {
      const copy = Buffer.from(bytes)
      change(copy)
      await expect(parseDocument({ name: 'a.docx', bytes: copy })).rejects.toMatchObject(broken)
    }
  })

  test('a PDF is read as far as can be, and its damaged pages are named [documents:load documents:faithful]', async () => {
    const bytes = Buffer.from(await pdfOf(3, (page) => `The reading of gauge ${page}.`))
    // In the middle of what the second page's stream packs.
    const first = bytes.indexOf('stream\n')
    const second = bytes.indexOf('stream\n', bytes.indexOf('endstream', first) + 9)
    bytes.fill(0xff, second + 20, second + 40)
    const { chunks, pages, unread } = await parseDocument({ name: 'a.pdf', bytes })
    expect([pages, unread]).toEqual([3, 'page 2 is damaged in the file, and text may be missing there'])
    for (const page of [1, 3]) expect(chunks.find((chunk) => chunk.page === page)?.text).toContain(`The reading of gauge ${page}.`)
  })

  test('a table names its columns even where its rows are short, or it ends in an open quotation [documents:load documents:faithful]', async () => {
    expect(await textIn('a.csv', 'name;level;note\nUpper;3\nLower;4\n')).toBe('name; level; note\nname: Upper; level: 3\nname: Lower; level: 4')
    expect(await textIn('a.csv', 'name;level\n"Upper, old')).toBe('name;level\n"Upper, old')
  })

  test('subtitles keep what stands on the line of a time, and in the head, and above a number that is missing [documents:load documents:faithful]', async () => {
    expect(await textIn('a.srt', '1\n00:00:01,000 --> 00:00:02,000 X1:1 X2:2 The lamp\nis lit.\n00:00:03,000 --> 00:00:04,000\nAt dusk.\n')).toBe('[00:00:01] The lamp is lit.\n[00:00:03] At dusk.')
    expect(await textIn('a.vtt', 'WEBVTT\nKind: captions\nA word before.\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:02.000 align:start\nThe lamp.\n')).toBe('A word before.\n[00:01] The lamp.')
  })
})
