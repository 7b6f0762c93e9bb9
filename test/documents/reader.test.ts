import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parseDocument } from './parse-document.ts'
import { createReader, type DocumentReader } from '../../src/documents/reader/create-reader.ts'
import type { Chunk } from '../../src/protocol/documents.ts'
import { docxOf, pdfOf, pdfOfObjects } from './made-files.ts'

const usual = createReader()

async function readBy(reader: DocumentReader, name: string, bytes: Uint8Array, signal = new AbortController().signal) {
  const chunks: Chunk[] = []
  const found = await reader.read({ name, parts: [bytes], signal, onChunks: async (more) => void chunks.push(...more) })
  return { ...found, chunks }
}

/** A DOCX that unpacks to so many megabytes. */
const bomb = (megabytes: number): Uint8Array => docxOf([['Normal', 'a '.repeat(megabytes * 512 * 1024)]])

describe('a document is read in a thread', () => {
  test('as it would be here, small or large, one after the other [documents:load documents:isolated]', async () => {
    for (const [name, bytes] of [['a.md', Buffer.from('# A\n\nwords')], ['b.pdf', await pdfOf(3, (page) => `page ${page}`)], ['c.txt', Buffer.from('a line\n\n'.repeat(20_000))]] as const) {
      expect(await readBy(usual, name, bytes)).toEqual(await parseDocument({ name, bytes }))
    }
  })

  test('several at once, each its own [documents:load documents:isolated]', async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `Note ${index}. `.repeat(200))
    const read = await Promise.all(texts.map((text, index) => readBy(usual, `${index}.txt`, Buffer.from(text))))
    expect(read.map(({ chunks }) => chunks.map(({ text }) => text).join(' ').trim())).toEqual(texts.map((text) => text.trim()))
  })

  test('which says why it can not be read, and reads the next one [documents:load documents:isolated]', async () => {
    await expect(readBy(usual, 'a.pdf', Buffer.from('%PDF-1.7 no more'))).rejects.toMatchObject({ code: 'document-broken' })
    expect((await readBy(usual, 'a.txt', Buffer.from('words'))).chunks).toHaveLength(1)
  })

  test('and while it works the loop of this one goes on [documents:load documents:isolated]', async () => {
    const bytes = await pdfOf(150, (page) => `The reading of gauge ${page}. `.repeat(60))
    let beats = 0
    const timer = setInterval(() => (beats += 1), 10)
    const { pages } = await readBy(usual, 'a.pdf', bytes)
    clearInterval(timer)
    expect([pages, beats > 10]).toEqual([150, true])
  })
})

describe('what breaks a bound has failed by name, at once, and the next document is read', () => {
  test('of time [documents:load documents:isolated]', async () => {
    const reader = createReader({ seconds: 0.05, megabytes: 512 })
    await expect(readBy(reader, 'slow.pdf', await pdfOf(300, (page) => `The reading of gauge ${page}. `.repeat(60)))).rejects.toMatchObject({ code: 'document-too-large', message: expect.stringContaining('slow.pdf takes more than 0.05 seconds') as string })
  })

  test('of memory [documents:load documents:isolated]', async () => {
    const reader = createReader({ seconds: 60, megabytes: 24 })
    const bytes = Buffer.from(`[${'{"a":[1,2]},'.repeat(2_000_000)}1]`)
    await expect(readBy(reader, 'wide.json', bytes)).rejects.toMatchObject({ code: 'document-too-large', message: expect.stringContaining('wide.json needs more than 24 MB of memory') as string })
    expect((await readBy(reader, 'a.txt', Buffer.from('words'))).chunks).toHaveLength(1)
  })

  test('of unpacked size, as its directory says, and where that lies [documents:load documents:isolated]', async () => {
    const bytes = bomb(300)
    expect(bytes.length).toBeLessThan(1024 * 1024)
    await expect(readBy(usual, 'bomb.docx', bytes)).rejects.toMatchObject({ code: 'document-too-large', message: expect.stringContaining('bomb.docx unpacks to more than 256 MiB') as string })
    const lying = Buffer.from(bytes)
    const entry = lying.lastIndexOf(Buffer.from('word/document.xml'))
    lying.writeUInt32LE(1_000, entry - 46 + 24)
    await expect(readBy(usual, 'bomb.docx', lying)).rejects.toMatchObject({ code: 'document-too-large' })
  })

  test('of memory that is not in its heap, as a small PDF needs that unpacks to much, at once or step by step [documents:load documents:isolated]', async () => {
    const reader = createReader({ seconds: 60, megabytes: 96 })
    const megabytes = 400
    const repeated = Buffer.alloc((megabytes * 1024 * 1024) / 64, Buffer.from([129, 32]))
    for (const [filters, packed] of [['/FlateDecode', deflateSync(Buffer.alloc(megabytes * 1024 * 1024, ' '))], ['/FlateDecode /RunLengthDecode', deflateSync(repeated)]] as const) {
      const content = packed.toString('hex')
      const bytes = pdfOfObjects(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>', `<< /Length ${content.length} /Filter [/ASCIIHexDecode ${filters}] >>\nstream\n${content}\nendstream`])
      expect(bytes.length).toBeLessThan(1024 * 1024)
      await expect(readBy(reader, 'bomb.pdf', bytes)).rejects.toMatchObject({ code: 'document-too-large', message: expect.stringContaining('bomb.pdf needs more than 96 MB of memory') as string })
    }
    expect((await readBy(reader, 'a.txt', Buffer.from('words'))).chunks).toHaveLength(1)
  })

  test('and one whose reading is cancelled is left [documents:load documents:isolated]', async () => {
    const controller = new AbortController()
    const reading = readBy(usual, 'a.pdf', await pdfOf(300, (page) => `The reading of gauge ${page}. `.repeat(60)), controller.signal)
    setTimeout(() => controller.abort(new Error('cancelled')), 50)
    await expect(reading).rejects.toThrow('cancelled')
  })

  test('a run of 400,000 blanks costs no more than its length [documents:load documents:isolated]', async () => {
    const reader = createReader({ seconds: 60, megabytes: 512 })
    const blanks = ' '.repeat(400_000)
    for (const name of ['a.txt', 'a.html', 'a.md', 'a.csv', 'a.json', 'a.yaml', 'a.srt', 'a.ts', 'a.py', 'a.eml', 'a.rtf']) {
      const text = name === 'a.html' ? `<pre>words${blanks}more</pre><h1>${blanks}x</h1>` : `words${blanks}more\n\n# x${blanks}y\n`
      expect((await readBy(reader, name, Buffer.from(name === 'a.rtf' ? `{\\rtf1 ${text}}` : text))).chunks.length).toBeGreaterThan(0)
    }
  })

  test('200,000 elements within one another: a page is read in a second or two, also one that closes none, and XML is refused at once [documents:load documents:isolated]', async () => {
    const reader = createReader({ seconds: 6, megabytes: 512 })
    for (const [open, close] of [['<div>', '</div>'], ['<table><tr><td>', '</td></tr></table>'], ['<ul><li>', ''], ['<font>', '']] as const) {
      const { chunks } = await readBy(reader, 'a.html', Buffer.from(`<p>above</p>${open.repeat(200_000)}deep${close.repeat(200_000)}<p>below</p>`))
      expect(chunks.map(({ text }) => text).join('\n')).toMatch(/^above[\s\S]*deep[\s\S]*below/)
    }
    const bytes = docxOf([['Normal', `</w:t></w:r>${'<w:ins>'.repeat(200_000)}<w:r><w:t>deep</w:t></w:r>${'</w:ins>'.repeat(200_000)}<w:r><w:t>`]])
    await expect(readBy(reader, 'a.docx', bytes)).rejects.toMatchObject({ code: 'document-broken', message: expect.stringContaining('10,000') as string })
  })
})
