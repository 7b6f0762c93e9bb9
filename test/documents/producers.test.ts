import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { withAccents } from '../../src/documents/formats/pdf-accents.ts'
import { asSpoken } from '../../src/documents/formats/pdf-spoken.ts'
import { masked, masksOf } from '../../src/documents/formats/sheet-masks.ts'
import { numberStyles, shownNumber } from '../../src/documents/formats/sheet-numbers.ts'
import { office, pdfOfObjects, zipOf } from './made-files.ts'
import { textIn } from './parse-document.ts'

const hyphens = '/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfrange <20> <2C> <0020> <2E> <7E> <002E> endbfrange 1 beginbfchar <2D> <00AD> endbfchar endcmap end end'
const stream = (content: string, head = ''): string => `<< ${head} /Length ${content.length} >>\nstream\n${content}\nendstream`

/** A page of these signs; the font names its hyphen a soft one, as those do that have one sign for both. */
const pdf = (content: string, { annotations = [], font = '/Encoding /WinAnsiEncoding /ToUnicode 6 0 R' }: { readonly annotations?: readonly string[]; readonly font?: string } = {}): Uint8Array =>
  pdfOfObjects([
    '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> /Properties << /MC0 << /ActualText (fi) >> >> >> /Contents 4 0 R /Annots [${annotations.join(' ')}] >>`,
    stream(content), `<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman ${font} >>`, stream(hyphens),
  ])
const lines = (...texts: readonly string[]): string => withAccents(texts.map((text) => ({ text }))).map(({ text }) => text).join('\n')
const asBytes = (text: string, encoding: string): Uint8Array => Uint8Array.from(iconv.encode(text, encoding))

describe('PDF as programs write it', () => {
  test('hyphens that the file calls soft are drawn: they are part of numbers, and words that they part are whole (pdf.js #9709, PyMuPDF #1392) [documents:load]', async () => {
    const text = await textIn('a.pdf', pdf('BT /F1 10 Tf 72 700 Td (Part 01-2301-XXX of the har-) Tj 0 -12 Td (bour, well-known) Tj ET'))
    expect(text).toBe('Part 01-2301-XXX of the harbour, well-known')
  })

  test('what a file says of how its signs are read is read, also where its resources say it [documents:load]', async () => {
    const font = '/Encoding << /Differences [1 /g1] >>'
    expect(await textIn('a.pdf', pdf('BT /F1 10 Tf 72 700 Td (the o) Tj /Span << /ActualText <FEFF006600660069> >> BDC (\\001) Tj EMC (ce, a re) Tj /Span /MC0 BDC (\\001) Tj EMC (ll, plain) Tj ET', { font }))).toBe('the office, a refill, plain')
  })

  test('what is said of several pieces stands there once, and nothing said leaves them as they are [documents:load]', () => {
    const mark = (actualText?: string) => ({ type: 'beginMarkedContentProps', actualText })
    const end = { type: 'endMarkedContent' }
    const words = (items: readonly unknown[]): unknown[] => asSpoken(items).map((item) => (item as { str: string }).str)
    expect(words([mark('whole'), { str: 'wh-' }, mark('not this'), { str: 'ole' }, end, end, { str: 'next' }])).toEqual(['whole', '', 'next'])
    expect(words([mark(''), { str: 'a' }, mark(), { str: 'b' }, end, end, end, { str: 'c' }])).toEqual(['a', 'b', 'c'])
  })

  test('blanks that are drawn part words, whatever is said of these; what is said in characters that nobody sees or knows says nothing [documents:load]', async () => {
    const said = (text: string, drawn: string): string => `/Span << /ActualText ${text} >> BDC (${drawn}) Tj EMC`
    expect(await textIn('a.pdf', pdf(`BT /F1 10 Tf 72 700 Td ${said('(Hello)', 'Hello ')} ${said('(big )', 'big ')} ${said('<FEFF200B>', 'World')} ${said('<FEFFE001>', ' too')} ET`))).toBe('Hello big World too')
  })

  test('letters that fonts of TeX draw in two are letters, whichever is drawn first [documents:load]', () => {
    expect(lines('f¨ur Sch¨uler, fran¸cais, na¨ıve', 'caf´e, voil`a')).toBe('für Schüler, français, naïve\ncafé, voilà')
    expect(lines('Scho¨lkopf and Mu¨ller')).toBe('Schölkopf and Müller')
    expect(lines('m´as r´apido, d´ıa')).toBe('más rápido, día')
    expect(lines('citt`a perch´e pi`u sar`a', '¨Ubung cora¸c˜ao ˆetre fˆete, 1.5 ˚A')).toBe('città perché più sarà\nÜbung coração être fête, 1.5 Å')
    expect(lines('citt`a perch´e pi`u sar`a')).toBe('città perché più sarà')
  })

  test.each(['don´t, it´s, y´all and Qur´an', 'd´accord, été, l´eau, d´un', 'the `code` of x`a', '˜10 km, 3´ 4´´', 'rock´n´roll', 'O´Brien', 'a ¨ b', 'plain words', '5 ˆ 2 = 25',
    'use `node`, `vue` or `one`', 'O`zbekiston bo`yicha to`g`ri yo`l', 'Ka`ba Sa`d Ka`ba', 'L´arte dell´antica Roma e l´impero', 'c´etait d´accord qu´il n´a', 'Qur´an Qur´an Qur´an', 'a´ and b´, n´ c´',
    'www.site.example/˜norvig', '˜Node() { a = ˜b; }', '2ˆn xˆi eˆx aˆ2', 'x˜N(0,1), y˜U', '20 ˚C of dell´acqua, `node`'])('but signs that stand for something else are those: %s [documents:load]', (text) => {
    expect(lines(text)).toBe(text)
  })

  test('of a list to choose from, what a person sees is read [documents:load]', async () => {
    const annotation = '<< /Type /Annot /Subtype /Widget /FT /Ch /Ff 131072 /T (country) /V (DE) /Opt [[(DE) (Germany)] [(FR) (France)]] /Rect [100 690 200 710] >>'
    expect(await textIn('a.pdf', pdf('BT /F1 10 Tf 72 700 Td (Form) Tj ET', { annotations: [annotation] }))).toContain('country: Germany')
  })
})

describe('texts that programs write by signs are texts', () => {
  test('what JSON escapes without need, and breaks of lines within its strings [documents:load]', async () => {
    expect(await textIn('a.json', String.raw`{"a":"don\u0027t \u003cstop\u003e","b":"https:\/\/example.com","c":"one\nharbour\tmaster","d":"C:\\new \"x\" \u0022 \\u0027"}`))
      .toBe(String.raw`{"a":"don't <stop>","b":"https://example.com","c":"one harbour master","d":"C:\\new \"x\" \u0022 \\u0027"}`)
  })

  test('but what is no string of JSON is as it is written: comments, paths and expressions that a person wrote [documents:load]', async () => {
    for (const text of [String.raw`{"path":"C:\new\Users\temp","re":"^\d+\n$"}`, '{"quoted"} see C:\\new\\temp', '{"a": 1} // C:\\new, \\n and \\u0041']) expect(await textIn('a.json', text)).toBe(text)
    expect(await textIn('a.jsonl', String.raw`{"code":"f()\n\tprint(\"a\\n\")"}` + '\n' + String.raw`{"re":"\d\n"}`)).toBe(String.raw`{"code":"f()  print(\"a\\n\")"}` + '\n' + String.raw`{"re":"\d\n"}`)
  })

  test('what a text of XML says of how letters are written stays so, but for feeds [documents:load]', async () => {
    const text = '<para>Write &amp;eacute; and &amp;lt;</para><code><![CDATA[&eacute; &#233;]]></code>'
    expect(await textIn('a.xml', `${text}<b>&#233;</b>`)).toBe(`${text}<b>é</b>`)
    expect(await textIn('a.xml', '<?xml version="1.0"?><rss><title>caf&amp;eacute;, &amp;amp;eacute;</title></rss>')).toBe('<?xml version="1.0"?><rss><title>café, &amp;amp;eacute;</title></rss>')
  })

  test('letters of XML by their numbers and names; its own signs, and its lines, stay [documents:load]', async () => {
    expect(await textIn('feed.rss', '<rss><title>It&#8217;s na&#239;ve</title>\n<description>Caf&amp;eacute; &lt;b&gt; R&amp;D &#38; AT&T; a&#10;b</description></rss>'))
      .toBe('<rss><title>It’s naïve</title>\n<description>Café &lt;b&gt; R&amp;D &#38; AT&T; a b</description></rss>')
    expect(await textIn('a.txt', 'write &eacute; for é')).toBe('write &eacute; for é')
  })
})

describe('an encoding that a file declares', () => {
  test.each([
    ['ru.po', 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=KOI8-R\\n"\n\nmsgid "Yes"\nmsgstr "Да"\n', 'koi8-r'],
    ['a.tex', '\\documentclass{article}\n\\usepackage[cp1251]{inputenc}\nДа\n', 'windows-1251'],
    ['a.tex', '% !TEX encoding = IsoLatin2\nżółw\n', 'iso-8859-2'],
    ['a.txt', 'Да\n\n# vim: set fileencoding=koi8-r :\n', 'koi8-r'],
  ])('counts: %s [documents:load]', async (name, text, encoding) => {
    expect(await textIn(name, asBytes(text, encoding))).toContain(/[^\0-\u007f]+/.exec(text)?.[0])
  })

  test('does not, where it is UTF-8 and the bytes are none [documents:load]', async () => {
    expect(await textIn('a.html', asBytes('<meta charset="utf-8"><p>Le café de la forêt est fermé à midi.</p>', 'windows-1252'))).toBe('Le café de la forêt est fermé à midi.')
    expect(await textIn('a.xml', asBytes('<?xml version="1.0" encoding="UTF-8"?><a>Le café de la forêt</a>', 'windows-1252'))).toContain('Le café de la forêt')
  })

  test.each([
    ['a.po', '"Content-Type: text/plain; charset=ASCII\\n"\n', ''], ['a.po', '"Content-Type: text/plain; charset=UTF-16\\n"\n', ''], ['a.tex', '\\usepackage[latin1]{inputenc}\n', ''], ['a.txt', '', '\n\n\n# vim: set fileencoding=latin1 :\n'],
  ])('does not, where it is copied from elsewhere and the bytes are none of it: %s %s [documents:load]', async (name, before, behind) => {
    const text = 'Дело было вечером, делать было нечего, кто на лавочке сидел'
    expect(await textIn(name, asBytes(before + text + behind, 'windows-1251'))).toContain(text)
  })

  test.each([
    ['koi8-r', 'Хмммм, сказал он, подумав о деле.\nТшшшш, тихо! Мммм, как вкусно пахнет этот суп.'], ['windows-1251', 'НННН, ЫЫЫЫ, сказал он, подумав о деле.\nДело было вечером, делать было нечего, и суп вкусно пахнет.'],
    ['gb18030', '调试程序时看到屯屯屯屯屯，说明堆内存没有初始化。\n如果是烫烫烫烫，则是栈内存没有初始化。再看屯屯屯屯。'], ['windows-874', 'เขาพูดว่าออออ แล้วก็เดินไปที่บ้าน\nนี่คือประเทศไทยของเรา ออออ'], ['shift_jis', '日本語の文章です。半角カナもあります。ﾍﾍﾍﾍ\nﾊﾝｶｸ ｶﾅ ﾄﾄﾄﾄ'],
  ])('is none of DOS where people write one letter many times: %s [documents:load]', async (encoding, text) => {
    expect(await textIn('a.txt', asBytes(text, encoding))).toBe(text)
  })

  test('is one of DOS where a text is full of its frames [documents:load]', async () => {
    const text = '╔══════════╗\n║ Größe    ║\n╚══════════╝\n'
    expect(await textIn('a.nfo', asBytes(text, 'cp437'))).toBe(text.trim())
    for (const [sides, encoding] of [['┌─────┬─────┐\n│ Größe │ 12 │\n├─────┼─────┤\n│ Länge │ 7 │\n└─────┴─────┘', 'cp850'], ['▄▄▄▄▄▄▄  ▄▄▄▄▄▄\n█▓▒░ Größe ░▒▓█\n▀▀▀▀▀▀▀  ▀▀▀▀▀▀', 'cp437'], ['╔═══════╤═══════╗\n║ Размер│ Длина ║\n╠═══════╪═══════╣\n╚═══════╧═══════╝', 'ibm866']] as const) expect(await textIn('a.nfo', asBytes(sides, encoding))).toBe(sides)
    expect(await textIn('a.txt', asBytes('ÄÄÄÄ, sagte Önder über Äpfel und Öl, schöne Grüße', 'windows-1252'))).toContain('über Äpfel')
  })
})

test('a message is one under whatever name a server keeps it; what a person calls text is text [documents:load]', async () => {
  const message = 'Return-Path: <a@b.example>\nFrom: Ann <a@b.example>\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nDie Br=C3=BCcke.\n'
  expect(await textIn('1700000000.M1P2.host:2,S', message)).toMatch(/Subject: Grüße[^]*Die Brücke\./)
  expect(await textIn('a.txt', message)).toContain('Br=C3=BCcke')
  const settings = 'host: x\nfrom: robot@x.example\nreply: b\nX-Mailer: y\nbody: z'
  expect(await textIn('mail.conf', settings)).toBe(settings)
  expect(await textIn('notes', 'From: Ann\nTo: Bob\nProject: Quay\n\nWords')).toContain('Project: Quay')
})

test('two tables of a sheet beside each other have no columns between them [documents:load]', async () => {
  expect(await textIn('a.csv', 'Name,Qty,,Item,Count\nrope,12,,sail,\n')).toBe('Name: rope; Qty: 12; Item: sail; Count:')
})

test('numbers of XLSX whose digits a format parts are as a person sees them [documents:load]', () => {
  const shown = (code: string, number: number): string | undefined => {
    const masks = masksOf(code)
    return masks === undefined ? undefined : masked(masks, number)
  }
  expect(shown('000\\-00\\-0000', 12_345_678)).toBe('012-34-5678')
  const telephone = '[<=9999999]###\\-####;\\(###\\)\\ ###\\-####'
  expect([5_551_234, 5_551_234_567].map((number) => shown(telephone, number))).toEqual(['555-1234', '(555) 123-4567'])
  expect(shown('"+49 "000\\ 0000', 5_551_234)).toBe('+49 555 1234')
  for (const code of ['General', '0', '00000', '#,##0.00', '#,##0;[Red](#,##0)', '0.0%', '# ?/?', '0.00E+00', '"INV-"0000', 'yyyy\\-mm\\-dd', '0" kg"', '(0)', '_-* #,##0_-']) expect([code, shown(code, 1_234)]).toEqual([code, undefined])
  expect([-5, 1.5].map((number) => shown('000\\-00', number))).toEqual([undefined, undefined])
})

test('a format of XLSX that has words for nothing says these, also where it parts digits [documents:load]', () => {
  const style = numberStyles(Buffer.from('<styleSheet><numFmts><numFmt numFmtId="164" formatCode="000\\-00;\\-000\\-00;&quot;none&quot;"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>')).get(0)
  expect(['12345', '0'].map((text) => shownNumber(text, { style, from1904: false }))).toEqual(['123-45', 'none'])
})

test('lists whose style says their letters, and notes whose class says that they are [documents:load]', async () => {
  expect(await textIn('a.html', '<p>a word<a class="footnote-ref" href="#n">1</a></p><ol style="list-style-type: lower-alpha"><li>x</li><li>y</li></ol><ol style="list-style: upper-roman inside"><li>z</li></ol><ol style="list-style-type: decimal"><li>d</li></ol>'))
    .toBe('a word [1]\na. x\nb. y\nI. z\n1. d')
})

test('the first letter of a paragraph that is set large is of its word (DOCX), and entries of an index are no text (RTF) [documents:load]', async () => {
  const document = '<w:document><w:body><w:p><w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr><w:r><w:t>T</w:t></w:r></w:p><w:p><w:r><w:t>he harbour.</w:t></w:r></w:p><w:p><w:pPr><w:framePr w:w="100"/></w:pPr><w:r><w:t>Framed</w:t></w:r></w:p><w:p><w:r><w:t>Next</w:t></w:r></w:p></w:body></w:document>'
  expect(await textIn('a.docx', zipOf({ ...office('word/document.xml'), 'word/document.xml': document }))).toBe('The harbour.\nFramed\nNext')
  expect(await textIn('a.rtf', String.raw`{\rtf1 The harbour{\xe\v {harbour}} is quiet{\v{\tc {Chapter}}}.\par}`)).toBe('The harbour is quiet.')
  expect(await textIn('a.rtf', String.raw`{\rtf1 The {\xe harbour} is {\xe{\v hidden}}quiet.\par}`)).toBe('The harbour is quiet.')
})

test('rows of a table in plain text that end in a hyphen are rows [documents:load]', async () => {
  expect(await textIn('a.txt', 'rope      ab-\nsail      cd-\n')).toBe('rope      ab-\nsail      cd-')
  expect(await textIn('a.txt', 'the  quick brown fox jum-\nps over  it\n')).toBe('the  quick brown fox jumps\nover  it')
})
