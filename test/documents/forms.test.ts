import { once } from 'node:events'
import PDFDocument from 'pdfkit'
import { describe, expect, test } from 'vitest'
import { docxOf, office, rels, zipOf } from './made-files.ts'
import { parseDocument, textIn } from './parse-document.ts'

async function drawn(draw: (document: PDFKit.PDFDocument) => void): Promise<Uint8Array> {
  const document = new PDFDocument()
  const parts: Buffer[] = []
  document.on('data', (part: Buffer) => parts.push(part))
  draw(document)
  document.end()
  await once(document, 'end')
  return Buffer.concat(parts)
}

describe('what is filled into a form is read', () => {
  test('of a PDF, with the names of its fields; what is left empty is not [documents:load]', async () => {
    const bytes = await drawn((document) => {
      document.font('Helvetica').text('Keeper')
      document.initForm()
      document.formText('name', 10, 40, 200, 20, { value: 'Ada of the tower' })
      document.formText('remarks', 10, 70, 200, 40, { multiline: true, value: 'Lit at dusk.\nOut at dawn.' })
      document.formText('empty', 10, 120, 200, 20, {})
      document.formCombo('lamp', 10, 150, 200, 20, { select: ['oil', 'gas'], value: 'gas' })
    })
    const text = await textIn('form.pdf', bytes)
    for (const line of ['Keeper', 'name: Ada of the tower', 'remarks: Lit at dusk.', 'Out at dawn.', 'lamp: gas']) expect(text).toContain(line)
    expect(text).not.toContain('empty')
  })

  test('of a DOCX, from its content controls [documents:load]', async () => {
    const control = (text: string): string => `</w:t></w:r><w:sdt><w:sdtPr><w:alias w:val="Keeper"/></w:sdtPr><w:sdtContent><w:r><w:t>${text}</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>`
    expect(await textIn('form.docx', docxOf([['Normal', `Name: ${control('Ada')}, lamp ${control('☒ lit')}.`]]))).toBe('Name: Ada, lamp ☒ lit.')
  })

  test('of a page of HTML: texts, boxes, and which entry of a list is chosen [documents:load]', async () => {
    const html = '<form><label>Name <input value="Ada"></label><p><input type="radio" checked>gas <input type="radio">oil</p><select><option>dawn</option><option selected>dusk</option></select><textarea>More\nlines</textarea><input type="password" value="secret"></form>'
    const text = await textIn('form.html', Buffer.from(html))
    expect(text.split('\n')).toEqual(['Name Ada', '☒ gas ☐ oil', 'dawn', '☒ dusk', 'More', 'lines'])
  })
})

test('pages of a PDF that are pictures are named with their numbers [documents:load]', async () => {
  const bytes = await drawn((document) => {
    document.text('The first page.')
    for (const page of [2, 3, 4, 5, 6]) {
      document.addPage()
      if (page === 3) document.text('The third page.')
      else document.rect(10, 10, 300, 300).fill('#888888')
    }
  })
  const { pages, unread, chunks } = await parseDocument({ name: 'scan.pdf', bytes })
  expect([pages, chunks.map(({ page }) => page)]).toEqual([6, [1, 3]])
  expect(unread).toBe('pages 2, 4-6 hold no text; where they are pictures, run text recognition over them first')
})

describe('documents within a document are named', () => {
  test('of a PDF, of the whole and of a page [documents:load]', async () => {
    const bytes = await drawn((document) => {
      document.text('See what is attached.')
      document.file(Buffer.from('a;b'), { name: 'table.csv' })
      document.fileAnnotation(10, 40, 20, 20, { src: Buffer.from('x'), name: 'note.txt' })
    })
    expect((await parseDocument({ name: 'a.pdf', bytes })).unread).toMatch(/^attachments are named, not read; load them by themselves: table\.csv, note\.txt$/)
  })

  test('of Office; but not the table of a chart, whose figures stand in it [documents:load]', async () => {
    const bytes = zipOf({
      ...office('word/document.xml'), 'word/document.xml': '<w:document><w:body><w:p><w:r><w:t>Text.</w:t></w:r></w:p></w:body></w:document>',
      'word/embeddings/Microsoft_Excel_Sheet.xlsx': 'x', 'word/embeddings/Microsoft_Excel_Sheet1.xlsx': 'x',
      'word/charts/chart1.xml': '<c:chart/>', 'word/charts/_rels/chart1.xml.rels': rels(['r1', 'package', '../embeddings/Microsoft_Excel_Sheet1.xlsx']),
    })
    expect((await parseDocument({ name: 'a.docx', bytes })).unread).toMatch(/: word\/embeddings\/Microsoft_Excel_Sheet\.xlsx$/)
  })
})
