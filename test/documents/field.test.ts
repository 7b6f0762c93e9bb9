import { once } from 'node:events'
import PDFDocument from 'pdfkit'
import { describe, expect, test } from 'vitest'
import { shownBy } from '../../src/documents/formats/word-fields.ts'
import { docxOf, office, pdfOfObjects, rels, zipOf } from './made-files.ts'
import { parseDocument, textIn } from './parse-document.ts'

/** Within a paragraph of a DOCX, beside its first run. */
const docxWith = (xml: string): Uint8Array => docxOf([['Normal', `Before </w:t></w:r>${xml}<w:r><w:t> after.`]])
const docxWithParts = (body: string, parts: Readonly<Record<string, string>>): Uint8Array => zipOf({ ...office('word/document.xml'), 'word/document.xml': `<w:document><w:body>${body}</w:body></w:document>`, ...parts })
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
    ['formulas', '<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>', 'Before a/b after.'],
    ['positions of tabs, as in headers', `${run('Left')}<w:r><w:ptab w:alignment="right"/></w:r>${run('right')}`, 'Before Left right after.'],
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

  test('chapters of an EPUB under an odd type, or whose path has capital letters in one place only; a chapter that is not there costs no other [documents:load]', async () => {
    const page = (text: string): string => `<html><body><p>${text}</p></body></html>`
    const bytes = zipOf({
      mimetype: 'application/epub+zip', 'META-INF/container.xml': '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
      'book.opf': '<package><manifest><item id="a" href="Text/One.html" media-type="text/x-oeb1-document"/><item id="b" href="two.html" media-type="text/plain"/><item id="c" href="lost.html" media-type="application/xhtml+xml"/><item id="p" href="p.jpg" media-type="image/jpeg"/></manifest><spine><itemref idref="a"/><itemref idref="p"/><itemref idref="c"/><itemref idref="b"/></spine></package>',
      'text/one.html': page('One.'), 'two.html': page('Two.'), 'p.jpg': 'no text',
    })
    const { chunks, unread } = await parseDocument({ name: 'a.epub', bytes })
    expect([chunks.map(({ text }) => text), unread]).toEqual([['One.\nTwo.'], 'a chapter is missing in the file: lost.html'])
  })

  test('documents of other formats that programs put into a DOCX and leave to Word (docx4j, html-to-docx); one that is not read there is named [documents:load]', async () => {
    const bytes = docxWithParts('<w:p><w:r><w:t>Before</w:t></w:r></w:p><w:altChunk r:id="h"/><w:altChunk r:id="r"/><w:altChunk r:id="m"/><w:p><w:r><w:t>After</w:t></w:r></w:p>', {
      'word/_rels/document.xml.rels': rels(['h', 'aFChunk', 'one.html'], ['r', 'aFChunk', 'two.rtf'], ['m', 'aFChunk', 'three.mht']),
      'word/one.html': '<html><body><h1>Lamps</h1><table><tr><td>rope</td><td>12</td></tr></table></body></html>', 'word/two.rtf': '{\\rtf1 Oil.\\par}', 'word/three.mht': 'Subject: x',
    })
    const { chunks, unread } = await parseDocument({ name: 'a.docx', bytes })
    expect(chunks.map(({ text }) => text)).toEqual(['Before\nLamps\nrope | 12\nOil.\nAfter'])
    expect(unread).toContain('word/three.mht')
  })

  test('numbers that Word writes before paragraphs and headings of DOCX, to which contracts refer (docling #1212, #2758, #3759, mammoth.js #228) [documents:load]', async () => {
    const level = (at: number, format: string, text: string, start = 1): string => `<w:lvl w:ilvl="${at}"><w:start w:val="${start}"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`
    const paragraph = (text: string, properties: string): string => `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`
    const listed = (text: string, list: number, at = 0): string => paragraph(text, `<w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="${list}"/></w:numPr>`)
    const body = [
      paragraph('Scope', '<w:pStyle w:val="H1"/>'), paragraph('Terms', '<w:pStyle w:val="H2"/>'), listed('oil', 2), listed('rope', 2), listed('of hemp', 2, 1), listed('wick', 2), paragraph('Duties', '<w:pStyle w:val="H2"/>'),
      paragraph('Fees', '<w:pStyle w:val="H1"/>'), paragraph('Rates', '<w:pStyle w:val="H2"/>'), listed('anew', 3), listed('a point', 4), listed('unseen', 5), '<w:p><w:pPr><w:pStyle w:val="H2"/></w:pPr></w:p>', paragraph('After an empty one', '<w:pStyle w:val="H2"/>'), paragraph('plain', '<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
    ]
    const bytes = docxWithParts(body.join(''), {
      'word/_rels/document.xml.rels': rels(['s', 'styles', 'styles.xml'], ['n', 'numbering', 'numbering.xml']),
      'word/styles.xml': '<w:styles><w:style w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style></w:styles>',
      'word/numbering.xml': `<w:numbering><w:abstractNum w:abstractNumId="0">${level(0, 'decimal', '%1.')}${level(1, 'decimal', '%1.%2')}</w:abstractNum><w:abstractNum w:abstractNumId="1">${level(0, 'lowerLetter', '(%1)')}${level(1, 'lowerRoman', '%2.')}</w:abstractNum><w:abstractNum w:abstractNumId="2">${level(0, 'bullet', '•')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num><w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num><w:abstractNum w:abstractNumId="3">${level(0, 'none', '%1.')}</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="3"/></w:num></w:numbering>`,
    })
    const text = await textIn('a.docx', bytes)
    expect(text.split(/\n+/)).toEqual(['1. Scope', '1.1 Terms', '(a) oil', '(b) rope', 'i. of hemp', '(c) wick', '1.2 Duties', '2. Fees', '2.1 Rates', '(a) anew', 'a point', 'unseen', '2.3 After an empty one', 'plain'])
  })

  test('calendars and address cards: lines that were broken for the way, escapes, times, names in quoted-printable; no pictures [documents:load]', async () => {
    const calendar = 'BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Europe/Berlin:20240501T100000\r\nSUMMARY:Quarterly plan\r\n ning\\, room 5; bring tea\r\nATTENDEE;CN="Smith, Ann";RSVP=TRUE:mailto:ann@example.org\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20240601T080000Z\r\nDTEND;VALUE=DATE:20240602\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    expect(await textIn('a.ics', calendar)).toBe('DTSTART: 2024-05-01 10:00:00 (Europe/Berlin)\nSUMMARY: Quarterly planning, room 5; bring tea\nATTENDEE: mailto:ann@example.org (Smith, Ann)\n\nDTSTART: 2024-06-01 08:00:00 UTC\nDTEND: 2024-06-02')
    const card = 'BEGIN:VCARD\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=\r\n=B6rg;;;\r\nitem1.TEL;TYPE=CELL:+49 170 123\r\nPHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ\r\n /9j/4AAQSkZJRgABAQ\r\n\r\nEND:VCARD\r\n'
    expect(await textIn('a.vcf', card)).toBe('N: Müller, Jörg\nTEL: +49 170 123 (CELL)')
    expect(await textIn('a.ics', 'No calendar\n at all\n')).toBe('No calendar\n at all')
  })

  test.each([
    ['MACROBUTTON NoMacro [Click here]', '[Click here]'], ['MACROBUTTON AcceptAllChanges Proposal 1: use beams', 'Proposal 1: use beams'], ['SYMBOL 183 \\f "Symbol" \\s 10', '•'], ['SYMBOL 169', '©'], ['SYMBOL 0x20AC \\u', '€'],
    ['EQ \\f(1,2)', '1/2'], ['EQ \\b(\\f(a;b+1))', '(a/(b+1))'], ['EQ \\r(3,x+1)', '√[3](x+1)'], ['eq \\o\\ac(○,7)', '○7'], ['EQ \\* jc2 \\* "Font:MS Mincho" \\* hps10 \\o\\ad(\\s\\up 9(かん),漢)', '漢 [かん]'], ['XE "rope"', ''], ['PAGE', ''],
  ])('fields of DOCX that have no result, and their words in their instruction, %s (docling #1586, markitdown #1247) [documents:load]', async (instruction, shown) => {
    const mark = (type: string): string => `<w:r><w:fldChar w:fldCharType="${type}"/></w:r>`
    expect(await textIn('a.docx', docxWith(`${mark('begin')}<w:r><w:instrText> ${instruction} </w:instrText></w:r>${mark('end')}`))).toBe(`Before ${shown} after.`.replace('  ', ' '))
  })

  test('an instruction of thousands of switches is given up at once [documents:load]', () => {
    const begun = performance.now()
    for (const many of ['\\b1', '\\b 1', '\\b', ' ', '\\b(']) shownBy(`EQ \\a${many.repeat(1_990 / many.length)}`)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  test('such fields of RTF, and those whose result is empty [documents:load]', async () => {
    const field = (instruction: string, result = ''): string => String.raw`{\field{\*\fldinst ${instruction}}${result}}`
    expect(await textIn('a.rtf', String.raw`{\rtf1 a ${field(String.raw`{ SYMBOL 183 \\f "Symbol"}`, String.raw`{\fldrslt }`)} b ${field('HYPERLINK "x"', String.raw`{\fldrslt the link}`)} ${field(String.raw`EQ \\f(1,2)`)} ${field('XE "rope"')}c}`)).toBe('a • b the link 1/2 c')
  })

  test('texts that XML declares by name, in XHTML, chapters of EPUB and FB2, and a few names that stand for gigabytes [documents:load]', async () => {
    const page = (declared: string, text: string): string => `<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x.dtd" [${declared}]>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>${text}</p></body></html>`
    expect(await textIn('a.xhtml', page('<!ENTITY co "ACME &#38; Sons"> <!ENTITY b \'<b>bold</b>\'>', 'by &co; and &b;, &eacute;&amp;'))).toBe('by ACME & Sons and bold, é&')
    expect(await textIn('a.fb2', '<?xml version="1.0"?><!DOCTYPE FictionBook [<!ENTITY co "ACME">]><FictionBook><body><section><p>by &co;</p></section></body></FictionBook>')).toBe('by ACME')
    expect(await textIn('a.xhtml', page('<!ENTITY lt "&#38;#60;"> <!ENTITY amp "&#38;#38;"> <!ENTITY x "&#38;lt;"> <!ENTITY y "&#x26;co;">', 'a &lt; b &amp; c &x; &y;'))).toBe('a < b & c < &co;')
    const nested = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(20)}">`).join('')
    expect(await textIn('a.xhtml', page(`<!ENTITY e0 "lol">${nested}`, 'a &e9; &e0;'))).toBe('a &e9; lol')
    expect((await textIn('a.xhtml', page(`<!ENTITY e "${'x'.repeat(1_000)}">`, '&e;'.repeat(50_000)))).length).toBeLessThan(2_000_000)
  })

  test('letters of a PDF that are each drawn twice at one place, and codes that have each letter twice (pdfplumber #71, coze-studio #1788, attachments #31) [documents:load]', async () => {
    const width: Readonly<Record<string, number>> = { S: 667, t: 278, a: 556, e: 556, m: 833, n: 556, o: 556, k: 500, '2': 556, '0': 556, ' ': 278 }
    const twice = Array.from('Statement to 2002 ', (letter) => `(${letter}) ${width[letter]} (${letter})`).join(' ')
    expect(await textIn('a.pdf', pdfOfText(`BT /F1 12 Tf 72 700 Td [${twice}] TJ ET`))).toBe('Statement to 2002')
    let left = 72
    const apart = Array.from('Statement', (letter) => {
      const drawn = [0, 0.2].map((beside) => `1 0 0 1 ${left + beside} 700 Tm (${letter}) Tj`)
      left += (width[letter] ?? 0) * 0.012
      return drawn.join(' ')
    }).join(' ')
    expect(await textIn('a.pdf', pdfOfText(`BT /F1 12 Tf ${apart} ET`))).toBe('Statement')
    expect(await textIn('a.pdf', pdfOfText('BT /F1 12 Tf 72 700 Td (AABBCC 1100) Tj ET'))).toBe('AABBCC 1100')
  })

  test('a paragraph of a list that begins with a fraction: its number stands before it, and in no part of it [documents:load]', async () => {
    const fraction = '<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>'
    const bytes = docxWithParts(`<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>${fraction}<w:r><w:t> of it</w:t></w:r></w:p>`, {
      'word/_rels/document.xml.rels': rels(['n', 'numbering', 'numbering.xml']),
      'word/numbering.xml': '<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
    })
    expect(await textIn('a.docx', bytes)).toBe('3. 1/2 of it')
  })

  test('chapters of an EPUB whose addresses name a place within the file, or put an accent otherwise than its name does (book-to-skill #230) [documents:load]', async () => {
    const page = (text: string): string => `<html><body><p>${text}</p></body></html>`
    const bytes = zipOf({
      mimetype: 'application/epub+zip', 'META-INF/container.xml': '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
      'book.opf': '<package><manifest><item id="a" href="one.html#part-2" media-type="application/xhtml+xml"/><item id="b" href="caf%C3%A9.html" media-type="application/xhtml+xml"/><item id="c" href="no%233.html" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/></spine></package>',
      'one.html': page('One.'), 'cafe\u0301.html': page('Two.'), 'no#3.html': page('Three.'),
    })
    expect(await textIn('a.epub', bytes)).toBe('One.\nTwo.\nThree.')
  })

  test.each(['binary', 'hex', 'base64', '8bit'])('mail whose letters are said to be %s, which is no set of letters (mail-mime-parser #95) [documents:load]', async (charset) => {
    const mail = (body: string): string => `Subject: s\nMIME-Version: 1.0\nContent-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: base64\n\n${body}\n`
    expect(await textIn('a.eml', mail(Buffer.from('Grüße aus Köln').toString('base64')))).toContain('Grüße aus Köln')
  })

  test('formulas of XLSX that no program has computed, numbers with what their format writes around them, cells of several rows (docling, openpyxl) [documents:load]', async () => {
    const word = (at: string, text: string): string => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`
    const bytes = zipOf({
      ...office('xl/workbook.xml'), 'xl/workbook.xml': '<workbook><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': rels(['a', 'worksheet', 'worksheets/sheet1.xml'], ['c', 'styles', 'styles.xml']),
      'xl/styles.xml': '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="&quot;INV-&quot;0000"/><numFmt numFmtId="166" formatCode="#,##0.00\\ [$€-407];[Red]\\-#,##0.00\\ [$€-407]"/><numFmt numFmtId="167" formatCode="0.00_);(0.00)"/></numFmts><cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/></cellXfs></styleSheet>',
      'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row r="1">${word('A1', 'region')}${word('B1', 'code')}${word('C1', 'bill')}${word('D1', 'sum')}</row><row r="2">${word('A2', 'North')}<c r="B2" s="1"><v>1234</v></c><c r="C2" s="2"><v>12</v></c><c r="D2" s="3"><v>-12.5</v></c></row><row r="3"><c r="B3" s="4"><v>7.5</v></c><c r="C3" t="str"><f>IF(A1="","",1)</f><v></v></c><c r="D3"><f>SUM(D2:D2)</f></c></row><row r="4"/></sheetData><mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells></worksheet>`,
    })
    expect(await textIn('a.xlsx', bytes)).toBe('region | code | bill | sum\nregion: North; code: 01234; bill: INV-0012; sum: -12.5 €\nregion: North; code: 7.5; bill: ; sum: =SUM(D2:D2)')
  })

  test('tables without names of columns: the first row is a record [documents:load]', async () => {
    expect(await textIn('a.csv', '2024-01-01,12.5\n2024-01-02,13.5\n')).toBe('column 1: 2024-01-01; column 2: 12.5\ncolumn 1: 2024-01-02; column 2: 13.5')
    expect(await textIn('a.csv', '2019,2020\n12.5,13.5\n')).toBe('2019: 12.5; 2020: 13.5')
  })

  test('CSV with blanks before quoted fields (pandas calls it skipinitialspace), and empty fields between tabs [documents:load]', async () => {
    expect(await textIn('a.csv', '"name", "note"\n"Upper", "lit, at dusk"\n')).toBe('name: Upper; note: lit, at dusk')
    expect(await textIn('a.tsv', 'name\tnote\tlevel\nUpper\t\t3\n')).toBe('name: Upper; note: ; level: 3')
  })

  test('words of a PDF that are printed twice, as bold letters or with a shadow (PDFBox calls it overlapping text) [documents:load]', async () => {
    const document = new PDFDocument()
    const parts: Buffer[] = []
    document.on('data', (part: Buffer) => parts.push(part))
    document.fontSize(12)
    for (const at of [72, 72.4, 72.8]) document.text('Overtime', at, 72, { lineBreak: false })
    for (const at of [0, 1]) document.text('Shadows', 72 + at, 100 + at, { lineBreak: false })
    document.text('ha', 72, 130, { lineBreak: false }).text('ha', 90, 130)
    document.end()
    await once(document, 'end')
    expect((await textIn('a.pdf', Buffer.concat(parts))).split('\n')).toEqual(['Overtime', 'Shadows', 'ha ha'])
  })

  test('RTF with bytes that are none of its signs, breaks of columns, a header that ends no paragraph, and text that was deleted [documents:load]', async () => {
    expect(await textIn('a.rtf', '{\\rtf1{\\header Lamps}Lit {\\pict\\bin5 a}b{c}at\\column dusk {\\deleted not }by Ann\\softline alone\\par}')).toBe('Lamps\nLit at dusk by Ann alone')
  })

  test('a mailbox whose messages stand without an empty line between them, or have lines that begin as the line between two does [documents:load]', async () => {
    const message = (subject: string, text: string): string => `From ann@example.org Mon Jan  1 10:00:00 2024\nSubject: ${subject}\n\n${text}\n`
    expect(await textIn('a.mbox', message('One', 'Text\n\nFrom here on it is dark.\nSo light it.\n\n>From the tower') + message('Two', 'End'))).toBe('Subject: One\n\nText\n\nFrom here on it is dark.\nSo light it.\n\nFrom the tower\n\nSubject: Two\n\nEnd')
  })

  test('a file within the text of old mail, as lines of signs, is named as what is attached is [documents:load]', async () => {
    const { chunks, unread } = await parseDocument({ name: 'a.eml', bytes: Buffer.from('Subject: Plans\n\nSee below.\n\nbegin 644 plans.doc\nM5&AE(\'%U:6-K(&)R;W=N\n#0V%T\n`\nend\n\nbegin 2 or 3 lamps\nend\n') })
    expect(chunks.map(({ text }) => text)).toEqual(['Subject: Plans\n\nSee below.\n\nbegin 2 or 3 lamps\nend'])
    expect(unread).toContain('plans.doc')
  })

  test('formulas say what their places mean: a half is not twelve (DOCX, PPTX, HTML, EPUB) [documents:load]', async () => {
    const place = (name: string, text: string): string => `<m:${name}><m:r><m:t>${text}</m:t></m:r></m:${name}>`
    const office = `<m:oMath><m:f>${place('num', '1')}${place('den', 'a+b')}</m:f><m:sSup>${place('e', 'x')}${place('sup', '2')}</m:sSup><m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>${place('e', 'y')}</m:rad><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>${place('sub', 'i=1')}${place('sup', 'n')}${place('e', 'i')}</m:nary><m:d>${place('e', 'z')}</m:d></m:oMath>`
    expect(await textIn('a.docx', docxWith(office))).toBe('Before 1/(a+b)x^2√y∑_(i=1)^ni(z) after.')
    const web = '<math><semantics><mrow><mfrac><mn>1</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac><msup><mi>x</mi><mn>2</mn></msup><msqrt><mi>y</mi></msqrt></mrow><annotation encoding="application/x-tex">\\frac1{a+b}</annotation></semantics></math>'
    expect(await textIn('a.html', `<p>So ${web} holds.</p>`)).toBe('So 1/(a+b)x^2√y holds.')
    expect(await textIn('a.html', `<p>So <span class="katex"><span class="katex-mathml">${web}</span><span class="katex-html" aria-hidden="true"><span>1</span><br/><span>a+b</span></span></span> holds.</p>`)).toBe('So 1/(a+b)x^2√y holds.')
  })

  test('lists of HTML have their numbers, to which texts refer; lists of links have none [documents:load]', async () => {
    expect(await textIn('a.html', '<ol start="3"><li>Oil<ol type="a"><li>of whales</li></ol></li><li value="7"><p>Wicks</p></li><li></li></ol><ul><li>Rope</li></ul><nav><ol><li>Home</li></ol></nav><p>See 7.')).toBe('3. Oil\na. of whales\n7. Wicks\nRope\nHome\nSee 7.')
  })

  test('what pages hold in components, frames, quotations and corrections, and tables without an element of one [documents:load]', async () => {
    expect(await textIn('a.html', '<x-a><template shadowrootmode="open"><p>In a component</p></template></x-a><template><p>none</p></template><iframe srcdoc="&lt;p&gt;In a frame&lt;/p&gt;"></iframe><p>He said <q>yes</q>, for <del>5</del><ins>4</ins></p>')).toBe('In a component\nIn a frame\nHe said “yes”, for 5 4')
    expect(await textIn('a.html', '<div role="row"><span role="cell">rope</span><span role="cell">12</span></div><div role="row"><span role="cell">oil</span><span role="cell">3</span></div>')).toBe('rope 12\noil 3')
    expect(await textIn('a.xhtml', '<?xml version="1.0"?><html><body><p>word<a epub:type="noteref" href="#n">1</a> and <![CDATA[more]]></p></body></html>')).toBe('word [1] and more')
  })

  test('notes of DOCX are read as its text is: signs, tables, what was moved; so is what is there in an older form only, and letters across a page [documents:load]', async () => {
    const note = `<w:footnote w:id="2"><w:p><w:moveFrom>${run('old')}</w:moveFrom>${run('new')}<w:r><w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p><w:tbl><w:tr><w:tc><w:p>${run('a')}</w:p></w:tc><w:tc><w:p>${run('b')}</w:p></w:tc></w:tr></w:tbl></w:footnote>`
    const body = `<w:p>${run('Lit')}<w:r><w:footnoteReference w:id="2"/></w:r></w:p><w:p><mc:AlternateContent><mc:Fallback>${run('Only here')}</mc:Fallback></mc:AlternateContent></w:p><w:p><w:r><w:pict><v:textpath string="DRAFT"/></w:pict></w:r></w:p>`
    expect(await textIn('a.docx', docxWithParts(body, { 'word/_rels/document.xml.rels': rels(['f', 'footnotes', 'footnotes.xml']), 'word/footnotes.xml': `<w:footnotes>${note}</w:footnotes>` }))).toBe('Lit [new-✓ a | b]\nOnly here\nDRAFT')
    expect(await textIn('a.docx', docxWithParts(`<w:tbl><w:tr><w:tc><w:p>${run('a')}</w:p></w:tc><w:tc><w:p>${run('b')}</w:p></w:tc></w:tr><w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc><w:p>${run('c')}</w:p></w:tc></w:tr></w:tbl>`, {}))).toBe('a | b\n | c')
  })

  test('paths within a document that are written as addresses, with strokes of Windows, or with other capital letters; a book that names no order [documents:load]', async () => {
    const header = { 'word/_rels/document.xml.rels': rels(['h', 'header', 'the%20header.xml']), 'word/the header.xml': `<w:hdr><w:p>${run('Header')}</w:p></w:hdr>` }
    expect((await textIn('a.docx', docxWithParts(`<w:p>${run('Text')}</w:p>`, header))).split(/\n+/)).toEqual(['Text', 'Header'])
    expect(await textIn('a.docx', zipOf({ '[content_types].xml': '<Types/>', '_rels/.rels': rels(['r1', 'officeDocument', 'word\\document.xml']), 'Word/Document.xml': `<w:document><w:p>${run('Text')}</w:p></w:document>` }))).toBe('Text')
    const book = { 'META-INF/container.xml': '<container><rootfile full-path="b.opf"/></container>', 'b.opf': '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine/></package>', 'a.xhtml': '<html><body><p>Lit.</p></body></html>' }
    expect(await textIn('a.epub', zipOf({ mimetype: 'application/epub+zip', ...book }))).toBe('Lit.')
  })

  test('formats of XLSX in another language, and such as say how a number is below nothing (filesql #1050) [documents:load]', async () => {
    const codes = ['Standard', '#,##0_d', '[$-407]d/\\ mmm\\ yyyy;@', '&quot;up &quot;0;&quot;down &quot;0;&quot;same&quot;', '&quot;Yes&quot;;&quot;Yes&quot;;&quot;No&quot;', '#,##0 &quot;€&quot;;(#,##0) &quot;€&quot;', ';;;']
    const cells = [45_000, 45_000, 45_000, -5, 0, -7, 8]
    const letter = (index: number): string => String.fromCharCode(65 + index)
    const bytes = zipOf({
      ...office('xl/workbook.xml'), 'xl/workbook.xml': '<workbook><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>', 'xl/_rels/workbook.xml.rels': rels(['a', 'worksheet', 'worksheets/sheet1.xml'], ['c', 'styles', 'styles.xml']),
      'xl/styles.xml': `<styleSheet><numFmts>${codes.map((code, index) => `<numFmt numFmtId="${170 + index}" formatCode="${code}"/>`).join('')}</numFmts><cellXfs>${codes.map((_, index) => `<xf numFmtId="${170 + index}"/>`).join('')}</cellXfs></styleSheet>`,
      'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row r="1">${cells.map((_, index) => `<c r="${letter(index)}1" t="inlineStr"><is><t>${letter(index).toLowerCase()}</t></is></c>`).join('')}</row><row r="2">${cells.map((value, index) => `<c r="${letter(index)}2" s="${index}"><v>${value}</v></c>`).join('')}</row></sheetData></worksheet>`,
    })
    expect((await textIn('a.xlsx', bytes)).split('\n')[1]).toBe('a: 45000; b: 45000; c: 2023-03-15; d: down 5; e: No; f: -7 €; g: 8')
  })

  test('CSV between apostrophes, parted by rarer signs, with paths at the end of a field [documents:load]', async () => {
    expect(await textIn('a.csv', "id,name,note\n1,'Smith, John','it''s'\n2,'Doe, Jane',plain\n")).toBe("id: 1; name: Smith, John; note: it's\nid: 2; name: Doe, Jane; note: plain")
    expect(await textIn('a.csv', "name,note\n'Smith, John','likes tea'\n'Doe, Jane',plain\n")).toBe('name: Smith, John; note: likes tea\nname: Doe, Jane; note: plain')
    expect(await textIn('a.csv', "name,note\nO'Brien,'tis the season\nD'Arcy,don't\n")).toBe("name: O'Brien; note: 'tis the season\nname: D'Arcy; note: don't")
    for (const sign of ['^', '~', '¦', '\u0001']) expect(await textIn('a.csv', `name${sign}age\nAda${sign}3\nBen${sign}5\n`)).toBe('name: Ada; age: 3\nname: Ben; age: 5')
    expect(await textIn('a.csv', 'name,path\n"Ada","C:\\dir\\"\n"Ben","D:\\x\\"\n')).toBe('name: Ada; path: C:\\dir\\\nname: Ben; path: D:\\x\\')
  })

  test('letters that JSON and YAML hold as escapes, also of the bytes of UTF-8, as Facebook writes them [documents:load]', async () => {
    expect(await textIn('a.json', '{"text": "caf\\u00c3\\u00a9 \\u00f0\\u009f\\u0098\\u0080", "other": "caf\\u00e9 \\u00bd"}')).toBe('{"text": "café 😀", "other": "café ½"}')
    expect(await textIn('a.yaml', 'name: "caf\\xe9 \\u4e2d\\u6587"\npath: C:\\\\u4e2d\n')).toBe('name: "café 中文"\npath: C:\\\\u4e2d')
  })

  test('what programs give to Office under names of its old formats, or as one file of XML [documents:load]', async () => {
    expect(await textIn('a.xls', '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>rope</td><td>12</td></tr></table></html>')).toBe('rope | 12')
    expect(await textIn('a.xls', 'item\tcount\nrope\t12\n')).toBe('item: rope; count: 12')
    expect(await textIn('a.doc', 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n<p>Lit=20at dusk</p>\n--b--\n')).toBe('Lit at dusk')
    const sheet = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Stores"><Table><Row><Cell><Data>item</Data></Cell><Cell><Data>count</Data></Cell><Cell><Data>place</Data></Cell></Row><Row><Cell><Data>rope</Data></Cell><Cell ss:Index="3"><Data>shed</Data></Cell></Row></Table></Worksheet></Workbook>'
    for (const name of ['a.xls', 'a.xml']) expect((await parseDocument({ name, bytes: Buffer.from(sheet) })).chunks).toMatchObject([{ text: 'item | count | place\nrope |  | shed', heading: 'Stores' }])
    expect(await textIn('a.xml', '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><o:Title>Not text</o:Title><w:body><w:p><w:r><w:t>Light</w:t></w:r><w:r><w:t>house</w:t></w:r></w:p></w:body></w:wordDocument>')).toBe('Lighthouse')
    expect(await textIn('a.xml', '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"><pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document><w:body><w:p><w:r><w:t>Light</w:t></w:r><w:r><w:t>house</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p></w:body></w:document></pkg:xmlData></pkg:part><pkg:part pkg:name="/word/footnotes.xml"><pkg:xmlData><w:footnotes><w:footnote w:id="2"><w:p><w:r><w:t>A note</w:t></w:r></w:p></w:footnote></w:footnotes></pkg:xmlData></pkg:part></pkg:package>')).toBe('Lighthouse [A note]')
    expect(await textIn('a.log', '{"msg":"\\u041a\\u043b\\u044e\\u0447"}\n')).toBe('{"msg":"Ключ"}')
  })

  test('subtitles in the form of TTML, SAMI and SBV [documents:load]', async () => {
    expect(await textIn('a.ttml', '<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml" ttp:tickRate="10"><body><div><p begin="00:00:01.500" end="00:00:02">Oil &amp; <span>wicks</span><br/>here</p><p begin="30t" end="40t">Rope</p></div></body></tt>')).toBe('[00:00:01] Oil & wicks here\n[00:00:03] Rope')
    expect(await textIn('a.smi', '<SAMI><BODY><SYNC Start=1000><P Class=EN>Oil &amp; wicks<br>here<SYNC Start=2000><P Class=EN>&nbsp;<SYNC Start=61000><P>Rope</BODY></SAMI>')).toBe('[00:00:01] Oil & wicks here\n[00:01:01] Rope')
    expect(await textIn('a.sbv', '0:00:01.000,0:00:03.000\nOil\n\n0:00:04.000,0:00:06.000\nRope\n')).toBe('[0:00:01] Oil\n[0:00:04] Rope')
  })

  test('numbers of notes and powers that are raised in RTF, PPTX and PDF: a million is not 106, and a note no part of a word [documents:load]', async () => {
    expect(await textIn('a.rtf', '{\\rtf1 10{\\super 6} by the treaty\\super 3\\nosupersub  of m{\\super 2} and {\\super\\plain x}1}')).toBe('10^6 by the treaty [3] of m2 and x1')
    const slide = '<p:sld><p:sp><p:txBody><a:p><a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>6</a:t></a:r><a:r><a:rPr baseline="-25000"/><a:t>5</a:t></a:r></a:p></p:txBody></p:sp></p:sld>'
    expect(await textIn('a.pptx', zipOf({ ...office('ppt/presentation.xml'), 'ppt/presentation.xml': '<p:presentation><p:sldId r:id="a"/></p:presentation>', 'ppt/_rels/presentation.xml.rels': rels(['a', 'slide', 'slides/slide1.xml']), 'ppt/slides/slide1.xml': slide }))).toBe('10^65')
    const raised = (text: string): string => `/F1 7 Tf 5 Ts (${text}) Tj 0 Ts /F1 12 Tf`
    expect(await textIn('a.pdf', pdfOfText(`BT /F1 12 Tf 72 700 Td (By the treaty) Tj ${raised('3')} ( some 10) Tj ${raised('6')} ( on 5 m) Tj ${raised('2')} ET`))).toBe('By the treaty [3] some 10^6 on 5 m2')
    // Writers of pages make it smaller by a ninth only.
    expect(await textIn('a.pdf', pdfOfText('BT /F1 12 Tf 72 700 Td (By the treaty) Tj /F1 10.7 Tf 5 Ts (3) Tj ET'))).toBe('By the treaty [3]')
  })

  test('lines of a PDF that are drawn from the bottom up [documents:load]', async () => {
    const at = (y: number, text: string): string => `1 0 0 1 72 ${y} Tm (${text}) Tj`
    expect(await textIn('a.pdf', pdfOfText(`BT /F1 12 Tf ${at(600, 'third line.')} ${at(614, 'second line and the')} ${at(628, 'The first line, the')} ${at(500, 'A paragraph below.')} ET`))).toBe('The first line, the\nsecond line and the\nthird line.\nA paragraph below.')
  })
})

/** A page of one font, drawn so. */
const pdfOfText = (drawn: string): Uint8Array =>
  pdfOfObjects(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>', '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>', `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`])
