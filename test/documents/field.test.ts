import { describe, expect, test } from 'vitest'
import { docxOf, office, rels, zipOf } from './made-files.ts'
import { textIn } from './parse-document.ts'

/** Within a paragraph of a DOCX, beside its first run. */
const docxWith = (xml: string): Uint8Array => docxOf([['Normal', `Before </w:t></w:r>${xml}<w:r><w:t> after.`]])
const run = (text: string): string => `<w:r><w:t>${text}</w:t></w:r>`

// Each was lost, or came out wrong, in a widely used reader; the reports are public.
describe('what other readers lost is read', () => {
  test('a CSV that begins with a mark and a quoted name with a comma (crewAI #7466) [documents:load]', async () => {
    expect(await textIn('a.csv', '\ufeff"name, old",level\nUpper,3\n')).toBe('name, old: Upper; level: 3')
  })

  test('percentages of XLSX are shown as such, and hidden rows and merged cells are there (vandalizer #812, anydoc #9) [documents:load]', async () => {
    const bytes = zipOf({
      ...office('xl/workbook.xml'),
      'xl/workbook.xml': '<workbook><sheets><sheet name="Rates" sheetId="1" r:id="a"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': rels(['a', 'worksheet', 'worksheets/sheet1.xml'], ['c', 'styles', 'styles.xml']),
      'xl/styles.xml': '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.0%;[Red]-0.0%"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="9"/></cellXfs></styleSheet>',
      'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>fringe</t></is></c><c r="B1" t="inlineStr"><is><t>share</t></is></c></row><row r="2" hidden="1"><c r="A2" s="1"><v>0.475</v></c><c r="B2" s="2"><v>0.07</v></c></row><row r="3"><c r="A3"><v>0.10000000000000001</v></c><c r="B3" s="1"><v>1.1000000000000001</v></c></row><row r="4"><c r="A4"><v>12345678901234567890</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>',
    })
    expect(await textIn('a.xlsx', bytes)).toBe('fringe | share\nfringe: 47.5%; share: 7%\nfringe: 0.1; share: 110%\nfringe: 12345678901234567890')
  })

  test('grouped shapes of PPTX, also in groups of groups (officeParser #106, agno #9999, agentscope #2659) [documents:load]', async () => {
    const shape = (text: string): string => `<p:sp><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`
    const bytes = zipOf({
      ...office('ppt/presentation.xml'), 'ppt/presentation.xml': '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="a"/></p:sldIdLst></p:presentation>',
      'ppt/_rels/presentation.xml.rels': rels(['a', 'slide', 'slides/slide1.xml']),
      'ppt/slides/slide1.xml': `<p:sld><p:cSld><p:spTree>${shape('One')}<p:grpSp>${shape('two')}<p:grpSp>${shape('three')}</p:grpSp></p:grpSp></p:spTree></p:cSld></p:sld>`,
    })
    expect((await textIn('a.pptx', bytes)).split(/\n+/)).toEqual(['One', 'two', 'three'])
  })

  test.each([
    ['smart tags (docxjs #108, pandoc #2242)', `<w:smartTag w:element="place"><w:smartTagPr><w:attr w:name="Day" w:val="7"/></w:smartTagPr>${run('Main')}</w:smartTag>`, 'Before Main after.'],
    ['simple fields (python-mammoth #69)', `<w:fldSimple w:instr=" REF x ">${run('Figure 1')}</w:fldSimple>`, 'Before Figure 1 after.'],
    ['fields with their instructions', `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "x" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>${run('the link')}<w:r><w:fldChar w:fldCharType="end"/></w:r>`, 'Before the link after.'],
    ['structured tags within one another (docling #627, python-docx #155)', `<w:sdt><w:sdtContent><w:sdt><w:sdtContent>${run('inner')}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>`, 'Before inner after.'],
    ['formulas', '<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>', 'Before ab after.'],
    ['insertions that nobody has accepted yet', `<w:ins w:author="x">${run('new')}</w:ins>`, 'Before new after.'],
  ])('%s of DOCX [documents:load]', async (_, xml, text) => expect(await textIn('a.docx', docxWith(xml))).toBe(text))

  test('mail with lines before its head, or in it, that are no fields (eml_parser #10, #24), and a message that was forwarded [documents:load]', async () => {
    const mail = 'From: Ada <ada@example.org>\nSubject: Lamps\nContent-Type: text/plain; charset=utf-8\n\nLit at dusk.\n'
    for (const odd of [`Exported by a program\n${mail}`, mail.replace('Subject', 'no field at all\nSubject'), `\n\n${mail}`]) {
      const text = await textIn('a.eml', odd)
      for (const words of ['From: Ada <ada@example.org>', 'Subject: Lamps', 'Lit at dusk.']) expect(text).toContain(words)
    }
    const forwarded = `From: Ben <ben@example.org>\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n${mail}--b--\n`
    const text = await textIn('a.eml', forwarded)
    for (const words of ['See below.', 'Lamps', 'Lit at dusk.']) expect(text).toContain(words)
  })

  test('chapters of an EPUB that its table of contents does not name, or that are not in the line of reading (epubx #26, EpubReader #15) [documents:load]', async () => {
    const page = (text: string): string => `<html><body><p>${text}</p></body></html>`
    const bytes = zipOf({
      mimetype: 'application/epub+zip', 'META-INF/container.xml': '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
      'book.opf': '<package><manifest><item id="a" href="a.html" media-type="application/xhtml+xml"/><item id="n" href="n.html" media-type="application/xhtml+xml"/><item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest><spine toc="ncx"><itemref idref="a"/><itemref idref="n" linear="no"/></spine></package>',
      'toc.ncx': '<ncx><navMap/></ncx>', 'a.html': page('Chapter.'), 'n.html': page('A note at the end.'),
    })
    expect(await textIn('a.epub', bytes)).toBe('Chapter.\nA note at the end.')
  })
})
