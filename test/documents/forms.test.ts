import { once } from 'node:events'
import PDFDocument from 'pdfkit'
import { describe, expect, test } from 'vitest'
import { docxOf, office, pdfOfObjects, rels, zipOf } from './made-files.ts'
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

test('a PDF of nothing but pictures is refused by a name of its own: there is text that a person sees [documents:load]', async () => {
  const bytes = await drawn((document) => document.rect(10, 10, 300, 300).fill('#888888'))
  await expect(parseDocument({ name: 'scan.pdf', bytes })).rejects.toMatchObject({ code: 'document-unread', message: expect.stringMatching(/^scan\.pdf holds no text that is read: page 1 holds no text/) as string })
})

const stream = (text: string): string => `<< /Length ${Buffer.byteLength(text)} >>\nstream\n${text}\nendstream`

/** A form of XML alone, as Acrobat's designer makes them; the page beside it says that one has to wait. */
function xfaOf(template: string, data: string): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /AcroForm << /XFA [(preamble) 6 0 R (template) 7 0 R (datasets) 8 0 R (postamble) 9 0 R] /Fields [] >> /NeedsRendering true >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    stream('BT /F1 12 Tf 50 700 Td (Please wait...) Tj ET'),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    stream('<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">'),
    stream(`<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="form1" layout="tb"><pageSet><pageArea name="P"><contentArea x="10mm" y="10mm" w="190mm" h="270mm"/><medium stock="a4" short="210mm" long="297mm"/></pageArea></pageSet>${template}</subform></template>`),
    stream(`<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form1>${data}</form1></xfa:data></xfa:datasets>`),
    stream('</xdp:xdp>'),
  ]
  return pdfOfObjects(objects)
}

/** A PDF of a page in whose font the signs from `a` on are icons. */
const pdfWithIcons = (content: string): Uint8Array =>
  pdfOfObjects([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
    stream(content),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 7 0 R >>',
    stream('/CIDInit /ProcSet findresource begin begincmap /CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <61> <7a> <e001> endbfrange endcmap end'),
  ])

test('icons on a page of few words are no letters that are unknown; unknown letters in words are, and so is a page of hardly any other [documents:load]', async () => {
  const icons = 'BT /F2 30 Tf 50 500 Td (a) Tj 150 0 Td (b) Tj 150 0 Td (c) Tj ET'
  const unreadOf = async (content: string): Promise<string | undefined> => (await parseDocument({ name: 'a.pdf', bytes: pdfWithIcons(content) })).unread
  expect(await unreadOf(`BT /F1 30 Tf 50 700 Td (Thank you) Tj ET ${icons}`)).toBeUndefined()
  expect(await unreadOf('BT /F1 30 Tf 50 700 Td (Thank you) Tj ET BT /F2 30 Tf 50 500 Td (abc defg) Tj ET')).toContain('page 1 has letters')
  expect(await unreadOf(`BT /F1 30 Tf 50 700 Td (Hi) Tj ET ${icons}`)).toContain('page 1 has letters')
  expect(await unreadOf(`BT /F1 12 Tf 50 700 Td (The lamp is lit at dusk, and put out at dawn.) Tj ET ${icons}`)).toBeUndefined()
})

test('a PDF form that is made of XML alone is read, with what is filled in [documents:load]', async () => {
  const field = (name: string, caption: string, inner: string, y: number): string => `<field name="${name}" w="100mm" h="10mm" y="${y}mm">${inner}<caption reserve="30mm"><value><text>${caption}</text></value></caption></field>`
  const body = `<subform name="body" w="180mm" h="200mm"><draw w="100mm" h="10mm"><value><text>Keepers</text></value></draw>${field('who', 'Name', '<ui><textEdit/></ui>', 20)}${field('lit', 'Lit', '<ui><checkButton/></ui><items><integer>1</integer><integer>0</integer></items>', 40)}${field('none', 'Remarks', '<ui><textEdit/></ui>', 60)}</subform>`
  expect(await textIn('a.pdf', xfaOf(body, '<body><who>Ada of the tower</who><lit>1</lit></body>'))).toBe('Keepers\nName: Ada of the tower\nLit: ☒\nRemarks')
})

describe('documents within a document are named', () => {
  test('of a PDF, of the whole and of a page [documents:load]', async () => {
    const bytes = await drawn((document) => {
      document.text('See what is attached.')
      document.file(Buffer.from('a;b'), { name: 'table.csv' })
      const page = document as unknown as { fileAnnotation(...given: readonly unknown[]): void }
      page.fileAnnotation(10, 40, 20, 20, { src: Buffer.from('x'), name: 'note.txt' })
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
