import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDocument } from '../documents/parse-document.ts'
import { docxOf, pdfOf, zipOf } from '../documents/made-files.ts'

const mimetype = 'application/vnd.oasis.opendocument.text'
const samples: readonly (readonly [extension: string, bytes: Uint8Array | Promise<Uint8Array>])[] = [
  ['pdf', pdfOf(2, (page) => `The reading of gauge ${page}.`)],
  ['docx', docxOf([['Heading1', 'Keeping'], ['Normal', 'Lamps are lit at dusk.']])],
  ['odt', zipOf({ mimetype, 'content.xml': '<c><text:h text:outline-level="1">A</text:h><text:p>Words.</text:p></c>' })],
  ['rtf', Buffer.from(String.raw`{\rtf1\ansi Gr\u252?\'dfe\par{\footnote A note.}\intbl a\cell b\cell\row}`)],
  ['eml', Buffer.from('From: a@b.c\nSubject: =?utf-8?Q?x?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>words</p>\n--b--\n')],
  ['mbox', Buffer.from('From a@b.c Mon Jan  1 00:00:00 2024\nSubject: x\n\nwords\n')],
  ['ipynb', Buffer.from('{"cells":[{"cell_type":"code","source":"print(1)","outputs":[{"text":"1"}]}]}')],
  ['json', Buffer.from('{"a":["\\u00e9",1,{"b":null}]}')],
  ['yaml', Buffer.from('# c\na: 1\nb:\n  - x\n')],
  ['srt', Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nwords\n')],
  ['csv', Buffer.from('name;level\n"Upper, old";3\n')],
  ['html', Buffer.from('<h1>A</h1><table><tr><td>x<td>y</table><p>words')],
  ['md', Buffer.from('# A\n\n- x\n\n```\ncode\n```\n')],
  ['ts', Buffer.from('export class A { read() { return 1 } }\n')],
]
const codes = ['document-empty', 'document-binary', 'document-broken', 'document-encrypted', 'document-too-large']
const outcome = async (name: string, bytes: Uint8Array): Promise<string> =>
  parseDocument({ name, bytes }).then(
    ({ chunks }) => (chunks.length > 0 ? 'read' : 'nothing'),
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  )
const known = ['read', ...codes]

describe('each reader reads, or refuses by a code of ours', () => {
  test.each(samples)('%s whole, cut off, and changed at random places [documents:load]', { timeout: 120_000 }, async (extension, made) => {
    const bytes = await made
    expect(await outcome(`a.${extension}`, bytes)).toBe('read')
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 12 }), async (end, changes) => {
        const changed = Uint8Array.from(bytes)
        for (const [at, value] of changes) changed[at] = value
        expect(known).toContain(await outcome(`a.${extension}`, changed))
        expect(known).toContain(await outcome(`a.${extension}`, bytes.slice(0, end)))
      }),
      { numRuns: extension === 'pdf' ? 25 : 60 },
    )
  })

  test.each(samples)('%s under the names of all others [documents:load]', { timeout: 120_000 }, async (_, made) => {
    const bytes = await made
    for (const [extension] of samples) expect(known).toContain(await outcome(`a.${extension}`, bytes))
  })
})
