import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { office, rels, zipOf, type Relations } from './made-files.ts'
import { parseDocument, textIn } from './parse-document.ts'

const read = async (name: string, content: string | Uint8Array) => parseDocument({ name, bytes: Buffer.from(content) })
const word = (body: string, more: Readonly<Record<string, string>> = {}, relations: Relations = []): Uint8Array =>
  zipOf({ ...office('word/document.xml'), 'word/_rels/document.xml.rels': rels(...relations), 'word/document.xml': `<w:document><w:body>${body}</w:body></w:document>`, ...more })
const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`

describe('a DOCX gives', () => {
  test('notes and comments where they are referred to, text boxes once, headers once [documents:load]', async () => {
    const box = `<w:txbxContent>${paragraph('In a box.')}</w:txbxContent>`
    const body = `<w:p><w:r><w:t>Before</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><mc:AlternateContent><mc:Choice>${box}</mc:Choice><mc:Fallback>${box}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>after.</w:t><w:commentReference w:id="0"/></w:r></w:p>`
    const bytes = word(body, {
      'word/footnotes.xml': `<w:footnotes><w:footnote w:id="2">${paragraph('A note.')}</w:footnote></w:footnotes>`,
      'word/comments.xml': `<w:comments><w:comment w:id="0">${paragraph('A comment.')}</w:comment></w:comments>`,
      'word/header1.xml': `<w:hdr>${paragraph('Head')}</w:hdr>`,
      'word/header2.xml': `<w:hdr>${paragraph('Head')}</w:hdr>`,
    }, [['a', 'footnotes', 'footnotes.xml'], ['b', 'comments', 'comments.xml'], ['c', 'header', 'header1.xml'], ['d', 'header', 'header2.xml']])
    expect(await textIn('a.docx', bytes)).toBe('In a box.\nBefore [A note.] after. [A comment.]\n\nHead')
  })

  test('form fields, words without soft hyphens, and no text that was deleted or moved away [documents:load]', async () => {
    const body = [
      '<w:p><w:r><w:fldChar><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar><w:t>agreed</w:t></w:r></w:p>',
      '<w:p><w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="oil"/><w:listEntry w:val="rope"/></w:ddList></w:ffData></w:fldChar></w:r></w:p>',
      '<w:p><w:r><w:t>Leucht</w:t><w:softHyphen/><w:t>turm\u00adwärter</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>',
    ].join('')
    expect((await textIn('a.docx', word(body))).split('\n')).toEqual(['☐ ☒ agreed', 'rope', 'Leuchtturmwärter'])
  })
})

describe('further formats are read', () => {
  test('PPTX by slides, with titles, tables and notes [documents:load]', async () => {
    const text = (words: string): string => `<a:p><a:r><a:t>${words}</a:t></a:r></a:p>`
    const slide = (title: string, more: string): string => `<p:sld><p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:txBody>${text(title)}</p:txBody></p:sp>${more}</p:sld>`
    const bytes = zipOf({
      ...office('ppt/presentation.xml'),
      'ppt/presentation.xml': '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="b"/><p:sldId id="257" r:id="a"/></p:sldIdLst></p:presentation>',
      'ppt/_rels/presentation.xml.rels': rels(['a', 'slide', 'slides/slide1.xml'], ['b', 'slide', 'slides/slide2.xml']),
      'ppt/slides/slide1.xml': slide('Second', `<p:sp><p:txBody>${text('A point.')}</p:txBody></p:sp>`),
      'ppt/slides/slide2.xml': slide('First', `<a:tbl><a:tr><a:tc>${text('rope')}</a:tc><a:tc>${text('12')}</a:tc></a:tr></a:tbl>`),
      'ppt/slides/_rels/slide2.xml.rels': rels(['n', 'notesSlide', '../notesSlides/notesSlide1.xml']),
      'ppt/notesSlides/notesSlide1.xml': `<p:notes><p:sp><p:txBody>${text('Say it slowly.')}</p:txBody></p:sp></p:notes>`,
    })
    const { format, pages, chunks } = await read('a.pptx', bytes)
    expect([format, pages]).toEqual(['pptx', 2])
    expect(chunks).toEqual([{ text: 'First\n\nrope | 12\n\nNotes: Say it slowly.', page: 1, heading: 'First' }, { text: 'Second\n\nA point.', page: 2, heading: 'Second' }])
  })

  test('XLSX row by row, with the names of its columns, dates as dates [documents:load]', async () => {
    const bytes = zipOf({
      ...office('xl/workbook.xml'),
      'xl/workbook.xml': '<workbook><sheets><sheet name="Stores" sheetId="1" r:id="a"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': rels(['a', 'worksheet', 'worksheets/sheet1.xml'], ['b', 'sharedStrings', 'sharedStrings.xml'], ['c', 'styles', 'styles.xml']),
      'xl/sharedStrings.xml': '<sst><si><t>Item</t></si><si><t>Count</t></si><si><t>Since</t></si><si><r><t>ro</t></r><r><t>pe</t></r></si></sst>',
      'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
      'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="s"><v>2</v></c></row><row r="3"><c r="A3" t="s"><v>3</v></c><c r="B3"><f>6*2</f><v>12</v></c><c r="D3" s="1"><v>45000</v></c></row></sheetData></worksheet>',
    })
    expect((await read('a.xlsx', bytes)).chunks).toEqual([{ text: 'Item | Count | Since\n\nItem: rope; Count: 12; Since: 2023-03-15', lines: [1, 3], heading: 'Stores' }])
  })

  test('ODT under its headings, with notes and tables [documents:load]', async () => {
    const content = '<office:document-content><office:text><text:h text:outline-level="1">Keeping</text:h><text:p>Lamps<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Of oil.</text:p></text:note-body></text:note> are<text:s text:c="2"/>lit.</text:p><table:table table:name="T"><table:table-row><table:table-cell><text:p>rope</text:p></table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell></table:table-row></table:table></office:text></office:document-content>'
    const { format, chunks } = await read('a.odt', zipOf({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': content }))
    expect([format, chunks[0]?.heading, chunks[0]?.text]).toEqual(['odt', 'Keeping', 'Keeping\nLamps [Of oil. ] are lit.\nrope | 12'])
  })

  test('EPUB in the order of its chapters [documents:load]', async () => {
    const chapter = (title: string, text: string): string => `<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><h1>${title}</h1><p>${text}</p></body></html>`
    const bytes = zipOf({
      mimetype: 'application/epub+zip', 'META-INF/container.xml': '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
      'OEBPS/book.opf': '<package><manifest><item id="a" href="one.xhtml" media-type="application/xhtml+xml"/><item id="b" href="chapter%20two.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="b"/><itemref idref="a"/></spine></package>',
      'OEBPS/one.xhtml': chapter('One', 'Words.'), 'OEBPS/chapter two.xhtml': chapter('Two', 'More.'),
    })
    expect(await textIn('a.epub', bytes)).toBe('Two\nMore.\nOne\nWords.')
  })

  test('RTF with its letters, tables and notes [documents:load]', async () => {
    const rtf = String.raw`{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Times;}{\f1\fcharset204 Arial;}}{\*\generator X;}\f0 Gr\u252?\'dfe {\b und}\par {\f1 \'ca\'eb\'fe\'f7}{\footnote A note.}\par\trowd\intbl rope\cell 12\cell\row\pard\trowd\cellx9 oil\cell 3\cell\row End.}`
    expect((await textIn('a.rtf', rtf)).split('\n')).toEqual(['Grüße und', 'Ключ [A note.]', 'rope | 12', 'oil | 3', 'End.'])
  })

  test('mail with its head, and what is attached is named [documents:load]', async () => {
    const mail = 'From: Ada <ada@example.org>\r\nTo: Ben <ben@example.org>\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Der Schl=FCssel liegt im blauen Kasten.</p>\r\n--b\r\nContent-Type: application/pdf; name="plan.pdf"\r\nContent-Disposition: attachment; filename="plan.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--b--\r\n'
    const { chunks, unread } = await read('a.eml', mail)
    expect(chunks[0]?.text).toContain('From: Ada <ada@example.org>\nTo: Ben <ben@example.org>\nSubject: Grüße\nAttachments: plan.pdf')
    expect([chunks[0]?.text.includes('Der Schlüssel liegt im blauen Kasten.'), chunks[0]?.heading]).toEqual([true, 'Grüße'])
    expect(unread).toContain('plan.pdf')
  })

  test('a mailbox message by message [documents:load]', async () => {
    const message = (number: number): string => `From ada@example.org Mon Jan  1 00:00:00 2024\nFrom: ada@example.org\nSubject: Number ${number}\n\nText ${number}.\n>From the tower.\n\n`
    const { format, chunks } = await read('inbox', message(1) + message(2))
    expect(format).toBe('mailbox')
    for (const number of [1, 2]) expect(chunks.map(({ text }) => text).join('\n')).toContain(`Text ${number}.`)
  })

  test('a notebook cell by cell, with what it put out [documents:load]', async () => {
    const cells = [{ cell_type: 'markdown', source: ['# Levels\n', '\n', 'Of gauges.'] }, { cell_type: 'code', source: 'print(3)', outputs: [{ output_type: 'stream', text: ['3\n'] }] }]
    const { format, chunks } = await read('a.ipynb', JSON.stringify({ cells, metadata: {}, nbformat: 4 }))
    expect([format, chunks.map(({ text }) => text).join('\n\n')]).toEqual(['notebook', '# Levels\n\nOf gauges.\n\nprint(3)\n\nOutput: 3'])
  })

  test('a notebook with results that are shown as Markdown or HTML, in whose place its plain text only names an object [documents:load]', async () => {
    const shown = (data: Record<string, unknown>): object => ({ output_type: 'display_data', data })
    const outputs = [
      shown({ 'text/plain': ['<IPython.core.display.Markdown object>'], 'text/markdown': ['The lamp is **lit**.'] }),
      shown({ 'text/plain': '<IPython.core.display.HTML object>', 'text/html': '<table><tr><td>rope</td><td>12</td></tr></table>' }),
      shown({ 'text/html': ['<p>Only HTML</p>'] }), shown({ 'text/plain': '<__main__.Lamp at 0x7f00>' }), shown({ 'text/plain': 'name  level', 'text/html': '<table></table>' }),
    ]
    const text = await textIn('a.ipynb', JSON.stringify({ cells: [{ cell_type: 'code', source: 'show()', outputs }], metadata: {}, nbformat: 4 }))
    expect(text.split(/\n+/)).toEqual(['show()', 'Output: The lamp is **lit**.', 'Output: rope | 12', 'Output: Only HTML', 'Output: <__main__.Lamp at 0x7f00>', 'Output: name  level'])
  })

  test('JSON with its letters and numbers as they are, an element a line where it is one line [documents:load]', async () => {
    expect(await textIn('a.json', '{\n  "a": "caf\\u00e9 \\\\u00e9",\n  "n": 12345678901234567890\n}')).toBe('{\n  "a": "café \\\\u00e9",\n  "n": 12345678901234567890\n}')
    const lines = (await textIn('a.json', JSON.stringify({ list: Array.from({ length: 200 }, (_, index) => ({ name: `gauge, ${index}` })) }))).split('\n')
    expect(lines.some((line) => line.includes('"name":"gauge, 199"'))).toBe(true)
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(60)
  })

  test('YAML under its outermost keys, comments kept [documents:load]', async () => {
    const long = Array.from({ length: 30 }, (_, index) => `  - a longer item with number ${index}`).join('\n')
    const { chunks } = await read('a.yaml', `# The first.\nfirst:\n${long}\n# The second.\nsecond: value\n${long.replaceAll('-', 'x:')}\n`)
    expect(chunks.map(({ heading }) => heading)).toEqual(['first', 'second'])
    expect(chunks[1]?.text.startsWith('# The second.\nsecond: value')).toBe(true)
  })

  test('subtitles with the time of what is said [documents:load]', async () => {
    expect(await textIn('a.srt', '1\n00:00:01,000 --> 00:00:02,000\n<i>The lamp</i>\nis lit.\n\n2\n00:01:03,500 --> 00:01:04,000\n- When?\n')).toBe('[00:00:01] The lamp is lit.\n[00:01:03] - When?')
    expect(await textIn('a.vtt', 'WEBVTT\n\nNOTE by hand\n\nintro\n01:02.000 --> 01:03.000 align:start\nAt dusk.\n')).toContain('[01:02] At dusk.')
  })

  test.each([
    ['semicolons and decimals', 'name;level\nUpper;3,5\n', 'name: Upper; level: 3,5'],
    ['bars', 'name|level\nUpper|3\n', 'name: Upper; level: 3'],
    ["Excel's first line", 'sep=;\nname;level\nUpper;3\n', 'name: Upper; level: 3'],
    ['apostrophes', "'name','level'\n'Upper, old','3'\n", 'name: Upper, old; level: 3'],
    ['backslashes', '"name","level"\n"the \\"old\\" one","3"\n', 'name: the "old" one; level: 3'],
  ])('CSV with %s [documents:load]', async (_, table, text) => expect(await textIn('a.csv', table)).toBe(text))

  test('what is no table from somewhere on is text from there on [documents:load]', async () => {
    expect(await textIn('a.csv', 'name,level\nUpper,3\n"never closed,4\nLower,5\n')).toContain('Lower,5')
  })
})

describe('encodings', () => {
  test.each([
    ['cp855', 'Смотритель маяка зажигает лампу на закате и гасит её на рассвете.'], ['cp737', 'Ο φύλακας του φάρου ανάβει τη λάμπα στο σούρουπο και τη σβήνει την αυγή.'],
    ['macgreek', 'Ο φύλακας του φάρου ανάβει τη λάμπα στο σούρουπο και τη σβήνει την αυγή.'], ['cp862', 'שומר המגדלור מדליק את המנורה בשקיעה ומכבה אותה עם שחר.'],
    ['iso-8859-6', 'حارس المنارة يشعل المصباح عند الغروب ويطفئه عند الفجر.'], ['cp857', 'Fener bekçisi gün batımında lambayı yakar ve şafakta söndürür. Çığ düşer, kapıyı açar.'],
    ['macturkish', 'Fener bekçisi gün batımında lambayı yakar ve şafakta söndürür. Çığ düşer, kapıyı açar.'],
  ])('of DOS, Macs and ISO that few programs tell from others: %s [documents:load]', async (encoding, text) => expect(await textIn('a.txt', iconv.encode(text, encoding))).toBe(text))

  test('Vietnamese of Windows, whose tones stand behind their letters [documents:load]', async () => {
    const bytes = iconv.encode('Ngươ\u0300i gác đèn biê\u0309n thă\u0301p đèn lúc hoàng hôn va\u0300 tă\u0301t đèn lúc bi\u0300nh minh.', 'windows-1258')
    expect((await textIn('a.txt', bytes)).normalize('NFC')).toBe('Người gác đèn biển thắp đèn lúc hoàng hôn và tắt đèn lúc bình minh.')
  })

  test.each([['euc-kr', 'cp949', '등대의 열쇠는 똠방각하와 펲시 상자 안에 있다.'], ['ks_c_5601-1987', 'cp949', '한글 샾 뷁'], ['gb2312', 'gb18030', '镕喆 €'], ['big5', 'big5-hkscs', '燈塔嘅鎖匙喺藍色盒入面']])('as wide as Windows has them, under the older name %s: pages, mail and RTF [documents:load]', async (name, encoding, text) => {
    const bytes = iconv.encode(text, encoding)
    expect(await textIn('a.html', Buffer.concat([Buffer.from(`<html><head><meta charset="${name}"></head><body>`), bytes]))).toBe(text)
    const mail = await textIn('a.eml', Buffer.concat([Buffer.from(`Subject: =?${name}?B?${bytes.toString('base64')}?=\nContent-Type: text/plain; charset=${name}\nContent-Transfer-Encoding: 8bit\n\n`), bytes]))
    expect(mail).toBe(`Subject: ${text}\n\n${text}`)
  })

  test('one file in two: lines of UTF-16 that PowerShell puts behind UTF-8, halves of characters in UTF-8 (CESU-8), marks of files that were put together [documents:load]', async () => {
    const wide = (text: string): Buffer => Buffer.from(text, 'utf16le')
    expect(await textIn('a.log', Buffer.concat([Buffer.from('line one é\n'), wide('line two é\r\n'), Buffer.from('line three\n'), wide('\ufeffline four\r\n')]))).toBe('line one é\nline two é\nline three\nline four')
    expect(await textIn('a.txt', Buffer.concat([Buffer.from('A smile: '), Buffer.from([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]), Buffer.from(' é ü')]))).toBe('A smile: 😀 é ü')
    expect(await textIn('a.txt', '\ufeffone\n\ufefftwo')).toBe('one\ntwo')
  })

  test('what programs leave around a text: NULs of a log that was cut, the end of file of DOS, signs of Windows as control characters [documents:load]', async () => {
    expect(await textIn('a.log', Buffer.concat([Buffer.alloc(3_000), Buffer.from('started\n'), Buffer.alloc(40), Buffer.from('stopped\n\0\0')]))).toBe('started\n\nstopped')
    expect(await textIn('a.csv', 'name,age\nAda,3\n\u001a')).toBe('name: Ada; age: 3')
    expect(await textIn('a.txt', 'He said \u0093yes\u0094 \u0096 it\u0092s 5 \u0080\n')).toBe('He said “yes” – it’s 5 €')
    expect(await textIn('a.txt', 'one\u0085two')).toBe('one\ntwo')
    await expect(textIn('a.txt', 'one\0two\0three\0four\0')).rejects.toThrow(/is not text/)
  })

  const german = 'Größe und Gewicht: müßige Sätze über Öl.\nGrüße aus Köln, schöne Füße und ähnliche Übel.'
  const russian = 'Ключ от маяка лежит в синем ящике.\nКаждый вечер смотритель зажигает лампу.'
  const polish = 'Źródło światła świeci całą noc, żółte i łagodne.\nLatarnik mieszka tuż obok wieży.'
  const georgian = 'საქართველოს დედაქალაქი თბილისი მდებარეობს მდინარე მტკვრის ნაპირას'
  test.each([
    ['georgianps', georgian], ['georgianacademy', georgian], ['koi8-r', russian.toLowerCase()], ['cp1125', 'Київ є столицею України, її найбільшим містом. Їжак спить.'], ['koi8-t', 'Душанбе пойтахти Тоҷикистон аст, шаҳри бузургтарини ин кишвар.'],
    ['cp850', german], ['cp437', german], ['macintosh', german], ['windows-1252', german], ['cp866', russian], ['koi8-r', russian], ['windows-1251', russian], ['x-mac-cyrillic', russian], ['cp852', polish], ['windows-1250', polish],
  ])('%s is told by its letters, wherever they stand [documents:load]', async (encoding, text) => {
    const bytes = Buffer.concat([Buffer.from(`${'Plain words only.\n'.repeat(6_000)}\n`), iconv.encode(text, encoding.replace('x-mac-cyrillic', 'maccyrillic'))])
    expect((await textIn('a.txt', bytes)).endsWith(text)).toBe(true)
  })

  test('UTF-8 with one bad byte stays UTF-8 [documents:load]', async () => {
    expect(await textIn('a.txt', Buffer.concat([Buffer.from(german), Buffer.from([0xff]), Buffer.from(' Öl')]))).toBe(`${german}\ufffd Öl`)
  })

  test.for(['กุญแจประภาคารอยู่ในกล่องสีน้ำเงิน', 'สวัสดีครับ'])('Thai of Windows is told by the order of its signs: %s [documents:load]', async (text) => {
    expect(await textIn('a.txt', iconv.encode(text, 'windows-874'))).toBe(text)
  })

  test('letters of half width are not seen where other letters are meant [documents:load]', async () => {
    for (const text of ['合同编号：甲方与乙方经友好协商，就货物采购事宜达成如下协议。', '灯塔的钥匙放在蓝色的盒子里。']) expect(await textIn('a.txt', iconv.encode(text, 'gb18030'))).toBe(text)
    expect(await textIn('a.txt', iconv.encode('振込 ｶ)ﾔﾏﾀﾞ ｼﾖｳﾃﾝ 5000円', 'shift_jis'))).toBe('振込 ｶ)ﾔﾏﾀﾞ ｼﾖｳﾃﾝ 5000円')
  })

  test('UTF-7 is decoded, and a text with pluses left alone [documents:load]', async () => {
    expect(await textIn('a.txt', 'Hi +BBoEOwROBEc- +BD4EQg +BDwEMARPBDoEMA 1 +- 1')).toBe('Hi Ключ от маяка 1 + 1')
    for (const plain of ['a+b and +49 170 123456', 'data:image/png;base64,iVBOR+w0KGgo+AAAANSUhEUgAAAAUA+/8A', 'C++ and x += y']) expect(await textIn('a.txt', plain)).toBe(plain)
  })

  test('EBCDIC is refused, and not read as another set [documents:load]', async () => {
    // "The key is in the blue box." in code page 500.
    const bytes = Buffer.from('e38885409285a84089a240899540a38885408293a485408296a74b', 'hex')
    await expect(read('a.txt', bytes)).rejects.toMatchObject({ code: 'document-binary' })
  })

  test('UTF-16 without a mark, and ISO-2022-KR [documents:load]', async () => {
    expect(await textIn('a.txt', Buffer.from('Plain words.', 'utf16le'))).toBe('Plain words.')
    const korean = Buffer.concat([Buffer.from('\u001b$)C\n\u000e'), Buffer.from(iconv.encode('등대', 'euc-kr').map((byte) => byte & 0x7f)), Buffer.from('\u000f ok')])
    expect(await textIn('a.txt', korean)).toBe('등대 ok')
  })

  test('XML and coding lines say what they are in [documents:load]', async () => {
    expect(await textIn('a.xhtml', iconv.encode('<?xml version="1.0" encoding="iso-8859-2"?><html><body><p>źródło</p></body></html>', 'iso-8859-2'))).toBe('źródło')
    expect(await textIn('a.rb', iconv.encode('# encoding: cp866\nputs "ключ"\n', 'cp866'))).toContain('ключ')
  })
})

describe('lines', () => {
  test('parted words of a text are joined, and its lines stay as many [documents:load]', async () => {
    const { chunks } = await read('a.txt', 'The light is kept by the mari-\ntime authority, a well-known one, well-\nknown to all.\u00ad')
    expect(chunks).toEqual([{ text: 'The light is kept by the maritime\nauthority, a well-known one, well-known\nto all.', lines: [1, 3] }])
  })

  test('cells of HTML stay on their row, and a table that sets out a page is none [documents:load]', async () => {
    expect(await textIn('a.html', '<table><tr><td><p>rope</p><p>long</p></td><td>12</td></tr></table>')).toBe('rope long | 12')
    expect(await textIn('a.html', '<table><tr><td><h1>Page</h1><p>One.</p></td><td><table><tr><td>rope</td><td>12</td></tr></table></td></tr></table>')).toBe('Page\nOne.\nrope | 12')
    expect(await textIn('a.html', '<form>Name <input value="Ada"> <input type=hidden value="x"><input type="checkbox" checked>yes<textarea>more</textarea></form><img alt="a lamp">')).toBe('Name Ada ☒ yes\nmore\n[a lamp]')
  })
})

test('a page that a browser has saved in one file names no attachments: its styles and pictures are of the page [documents:load]', async () => {
  const part = (head: string, body: string): string => `--b\n${head}\n\n${body}\n`
  const saved = `From: <Saved by a browser>\nSubject: Lamps\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b; type="text/html"\n\n${part('Content-Type: text/html; charset=utf-8\nContent-Location: https://example.org/', '<p>Lit</p>')}${part('Content-Type: text/css\nContent-Location: cid:css-1@mhtml.blink', 'p { color: red }')}${part('Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Location: https://example.org/a.png', 'iVBORw0KGgo=')}${part('Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64', 'JVBERi0=')}--b--\n`
  const { chunks, unread } = await parseDocument({ name: 'a.mht', bytes: Buffer.from(saved) })
  expect([chunks.map(({ text }) => text).join('\n'), unread]).toEqual(['From: Saved by a browser\nSubject: Lamps\nAttachments: a.pdf\n\nLit', 'attachments are named, not read; load them by themselves: a.pdf'])
})
