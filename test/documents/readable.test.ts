import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { docxOf, office, rels, zipOf } from './made-files.ts'
import { parseDocument, textIn } from './parse-document.ts'

const docxWith = (xml: string): Uint8Array => docxOf([['Normal', `Before </w:t></w:r>${xml}<w:r><w:t> after.`]])
const run = (text: string, properties = ''): string => `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}<w:t>${text}</w:t></w:r>`
const odt = (text: string, parts: Readonly<Record<string, string>> = {}): Uint8Array =>
  zipOf({ 'mimetype': 'application/vnd.oasis.opendocument.text', 'content.xml': `<office:document-content><office:body><office:text>${text}</office:text></office:body></office:document-content>`, ...parts })
const xlsx = (rows: string, parts: Readonly<Record<string, string>> = {}): Uint8Array =>
  zipOf({
    ...office('xl/workbook.xml'),
    'xl/workbook.xml': '<workbook><sheets><sheet name="Stores" sheetId="1" r:id="a"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': rels(['a', 'worksheet', 'worksheets/sheet1.xml'], ['b', 'sharedStrings', 'sharedStrings.xml'], ['c', 'styles', 'styles.xml']),
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ...parts,
  })
const pptxOf = (slide: string): Uint8Array =>
  zipOf({ ...office('ppt/presentation.xml'), 'ppt/presentation.xml': '<p:presentation><p:sldIdLst><p:sldId r:id="a"/></p:sldIdLst></p:presentation>', 'ppt/_rels/presentation.xml.rels': rels(['a', 'slide', 'slides/slide1.xml']), 'ppt/slides/slide1.xml': slide })
const cell = (place: string, text: string): string => `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`

describe('words stay whole, so that they are found', () => {
  test('where their reading stands above them: it follows the paragraph (sumatrapdf #4476, python-mammoth #76) [documents:load]', async () => {
    expect(await textIn('a.html', '<p><ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp>京<rt>きょう</rt></ruby>の<ruby><rb>駅</rb><rt>えき</rt></ruby>へ<ruby>強<rt>・</rt></ruby>調</p>')).toBe('東京の駅へ強調 [とうきょう, えき]')
    expect(await textIn('a.html', '<p><ruby>東<rt>とう</rt></ruby><ruby>京<rt>きょう</rt></ruby>へ</p>')).toBe('東京へ [とうきょう]')
    const ruby = (base: string, reading: string): string => `<w:r><w:ruby><w:rubyPr/><w:rt>${run(reading)}</w:rt><w:rubyBase>${run(base)}</w:rubyBase></w:ruby></w:r>`
    expect(await textIn('a.docx', docxWith(ruby('東', 'とう') + ruby('京', 'きょう')))).toBe('Before 東京 after. [とうきょう]')
    expect(await textIn('a.odt', odt('<text:p><text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby>へ</text:p>'))).toBe('東京へ [とうきょう]')
  })

  test('in plain text of Aozora Bunko, with its readings, notes and headings, line for line [documents:load]', async () => {
    const dashes = '-'.repeat(55)
    const novel = [
      '吾輩は猫である', '夏目漱石', '', dashes, '【テキスト中に現れる記号について】', '', '《》：ルビ', '（例）吾輩《わがはい》', '', '｜：ルビの付く文字列の始まりを特定する記号', '（例）一番｜獰悪《どうあく》', '', '［＃］：入力者注', '（例）※［＃「言＋墟のつくり」、第4水準2-88-74］', dashes, '',
      '［＃８字下げ］一［＃「一」は中見出し］', '', '　吾輩《わがはい》は猫である。一番｜獰悪《どうあく》な種族［＃「種族」に傍点］であった。', '※［＃「口＋世」、U+546D、184-7］と※［＃「言＋墟のつくり」、第4水準2-88-74］《うそ》の※［＃始め二重山括弧、1-1-52］本※［＃終わり二重山括弧、1-1-53］を見た［＃「見た」は底本では「見だ」］。', '', '底本：「夏目漱石全集1」ちくま文庫、筑摩書房', '',
    ].join('\r\n')
    const { chunks } = await parseDocument({ name: 'wagahai.txt', bytes: iconv.encode(novel, 'shift_jis') })
    const text = chunks.map((chunk) => chunk.text).join('\n\n')
    expect(text).toContain('　吾輩は猫である。一番獰悪な種族であった。 [わがはい, どうあく]')
    expect(text).toContain('呭と※の《本》を見た。 [「言＋墟のつくり」、第4水準2-88-74, 「見た」は底本では「見だ」, うそ]')
    expect(text).toContain('《》：ルビ\n（例）吾輩 [わがはい]')
    expect(chunks.at(-1)?.lines?.[1]).toBe(novel.split('\r\n').indexOf('底本：「夏目漱石全集1」ちくま文庫、筑摩書房') + 1)
    const chapters = await parseDocument({ name: 'a.txt', bytes: Buffer.from(`${novel.replaceAll('\r', '')}\n\n［＃大見出し］二［＃大見出し終わり］\n${'　名前《なまえ》はまだ無い。\n'.repeat(80)}`) })
    expect(chapters.chunks.at(-1)?.heading).toBe('二')
    const close = await parseDocument({ name: 'a.txt', bytes: Buffer.from(`${novel.replaceAll('\r', '')}\n\n${['一', '二'].map((name) => `${name}［＃「${name}」は中見出し］\n${`　章${name}の雨《あめ》。\n`.repeat(80)}`).join('')}`) })
    for (const { text: words, heading } of close.chunks) if (/章[一二]/.test(words)) expect(words).toContain(`章${heading}`)
    expect(close.chunks.find(({ heading, text: words }) => heading === '二' && words.includes('章二'))?.text).not.toContain('章一')
  })

  test('in texts with such marks that say nothing of them; in other texts such brackets are brackets [documents:load]', async () => {
    const marked = '彼女《かのじょ》は学校《がっこう》へ行った。\n|炎の剣《フレイムソード》が《《光った》》。\n東京《とうきょう》駅《えき》。'
    expect(await textIn('web.txt', marked)).toBe('彼女は学校へ行った。 [かのじょ, がっこう]\n炎の剣が光った。 [フレイムソード]\n東京駅。 [とうきょう, えき]')
    for (const plain of ['雑誌《ひかり》を読んだ。\n本《みち》と『ゆめ』。', '我读《红楼梦》和《三国演义》。他读《西游记》和《水浒传》。', '| 1 | 《红楼梦》 | 曹雪芹 |\n| 2 | 《西游记》 | 吴承恩 |\n| 3 | 《水浒传》 | 施耐庵 |', '책《태백산맥》 Он сказал《да》, a|b《c》 ［＃１］', `${'他写《论语》。'.repeat(9)}漢字《かんじ》`]) expect(await textIn('plain.txt', plain)).toBe(plain)
    expect(await textIn('long.txt', `漢《か》字《じ》本《ほん》\n${'《'.repeat(40_000)}${'［＃'.repeat(40_000)}`)).toContain('漢字本 [か, じ, ほん]')
  })

  test('before the number of a note; a power is no other number [documents:load]', async () => {
    expect(await textIn('a.html', '<p>10<sup>6</sup> people, 10<sup>-3</sup> of them, signed the treaty<sup>3</sup> on 5 m<sup>2</sup>, the 1<sup>st</sup>.</p>')).toBe('10^6 people, 10^-3 of them, signed the treaty [3] on 5 m2, the 1st.')
    const raised = '<w:vertAlign w:val="superscript"/>'
    expect(await textIn('a.docx', docxWith(run('10') + run('6', raised) + run(' treaty') + run('3', raised)))).toBe('Before 10^6 treaty [3] after.')
    expect(await textIn('a.odt', odt('<text:p>The treaty<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Of 1814.</text:p></text:note-body></text:note> holds.</text:p>'))).toBe('The treaty [Of 1814. ] holds.')
  })

  test('that a text box of ODT stands in, and beside who has written a comment [documents:load]', async () => {
    expect(await textIn('a.odt', odt('<text:p>Be<draw:frame><draw:text-box><text:p>A box.</text:p></draw:text-box></draw:frame>gin.</text:p>'))).toBe('A box.\nBegin.')
    expect(await textIn('a.odt', odt('<text:p>It holds<office:annotation><dc:creator>Ann</dc:creator><dc:date>2024-01-01T00:00:00</dc:date><text:p>Really?</text:p></office:annotation>, <text:date>1 May</text:date>.</text:p>'))).toBe('It holds [Ann: Really? ] , 1 May.')
  })
})

describe('text that a format keeps elsewhere is read', () => {
  test('signs of symbol fonts in DOCX and RTF (python-docx #948, docx4j #393, pandoc #9220) [documents:load]', async () => {
    const symbol = (font: string, code: string): string => `<w:r><w:sym w:font="${font}" w:char="${code}"/></w:r>`
    expect(await textIn('a.docx', docxWith(`${symbol('Symbol', 'F0B3')}${symbol('Symbol', '006D')}${symbol('Wingdings', 'F0FE')}${symbol('Wingdings', 'F04D')}`))).toBe('Before ≥μ☑ [symbol] after.')
    expect(await textIn('a.docx', docxWith(run('´a ', '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>') + run('a')))).toBe('Before ×α a after.')
    expect(await textIn('a.rtf', String.raw`{\rtf1\ansi{\fonttbl{\f0 Arial;}{\f3\fnil\fcharset2 Symbol;}}a {\f3 \'61\u-3917?} a\par}`)).toBe('a α≥ a')
  })

  test('RTF in the font that its head names for all of it [documents:load]', async () => {
    expect(await textIn('a.rtf', String.raw`{\rtf1\ansi\ansicpg1252\deff1{\fonttbl{\f0 Arial;}{\f1\fcharset204 Times;}}\'ca\'eb\'fe\'f7 {\f0 caf\'e9}\par}`)).toBe('Ключ café')
  })

  test('headers, footers and formulas of ODT [documents:load]', async () => {
    const styles = '<office:document-styles><office:styles><text:p>no text</text:p></office:styles><office:master-styles><style:master-page><style:header><text:p>Secret</text:p></style:header><style:footer><text:p>Secret</text:p></style:footer></style:master-page></office:master-styles></office:document-styles>'
    const formula = '<math><semantics><mi>E</mi><annotation encoding="StarMath 5.0">E = mc^2</annotation></semantics></math>'
    const bytes = odt('<text:p>So <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>holds.</text:p>', { 'styles.xml': styles, 'Object 1/content.xml': formula, 'Object 2/content.xml': '<office:document-content><text:p>A chart</text:p></office:document-content>' })
    expect((await textIn('a.odt', bytes)).split(/\n+/)).toEqual(['So E = mc^2 holds.', 'A chart', 'Secret'])
  })

  test('the HTML of a message whose plain text only says that there is HTML (astroid #677) [documents:load]', async () => {
    const mail = (plain: string, html: string): string =>
      `From: a@example.org\nSubject: Lamps\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n${plain}\n--b\nContent-Type: text/html\n\n${html}\n--b--\n`
    expect(await textIn('a.eml', mail('See the HTML.', '<h1>Lamps</h1><p>Lit at dusk, put out at dawn.</p>'))).toContain('Lit at dusk, put out at dawn.')
    expect(await textIn('a.eml', mail('Lit at dusk, put out at dawn.', '<p>Lit at dusk, put out at <b>dawn</b>.</p><p>x</p>'))).not.toContain('x\n')
  })
})

describe('signs that are no text', () => {
  test('colours and links of terminals, letters struck twice, in logs, pages of manuals and outputs of notebooks [documents:load]', async () => {
    expect(await textIn('a.log', '\u001b[32mINFO\u001b[0m started\n\u001b[1;31mERROR\u001b[m see \u001b]8;;https://example.org\u0007the docs\u001b]8;;\u001b\\.\n')).toBe('INFO started\nERROR see the docs.')
    expect(await textIn('b.log', '\u001b[31mERROR\u001b(B\u001b[m \u001b7at\u001b8 10%\b\b\b20%\n\b\bend\n')).toBe('ERROR at 20%\nend')
    expect(await textIn('long.log', `x${'a'.repeat(200_000)}${'\b'.repeat(200_000)}y ${'\u001b('.repeat(50_000)}`)).toMatch(/^xy/)
    expect(await textIn('man.txt', 'N\bNA\bAM\bME\bE\n_\bf_\bi_\bl_\be\n')).toBe('NAME\nfile')
    const notebook = { nbformat: 4, cells: [{ cell_type: 'code', source: 'x', outputs: [{ output_type: 'stream', text: ['\u001b[31mred\u001b[0m words'] }, { output_type: 'error', ename: 'ValueError', evalue: '\u001b[1mno lamp\u001b[0m' }] }] }
    expect(await textIn('a.ipynb', JSON.stringify(notebook))).toBe('x\n\nOutput: red words\n\nOutput: ValueError: no lamp')
  })

  test('lines that captions keep in sight while they roll are said once; what is said twice is there twice [documents:load]', async () => {
    const cue = (from: string, to: string, ...lines: readonly string[]): string => `00:00:${from} --> 00:00:${to} align:start position:0%\n${lines.join('\n')}\n`
    const rolling = ['WEBVTT\nKind: captions\n', cue('00.000', '02.000', ' ', 'Hello<00:00:01.000><c> there</c>'), cue('02.000', '02.010', 'Hello there', ' '), cue('02.010', '04.000', 'Hello there', 'General<00:00:03.000><c> Kenobi</c>'), cue('04.000', '04.010', 'General Kenobi'), cue('04.010', '06.000', 'General Kenobi', 'is here.')]
    expect(await textIn('a.vtt', rolling.join('\n'))).toBe('[00:00:00] Hello there\n[00:00:02] General Kenobi\n[00:00:04] is here.')
    expect(await textIn('b.vtt', ['WEBVTT\n', cue('00.000', '02.000', 'Yeah'), cue('02.000', '04.000', 'Yeah'), cue('09.000', '11.000', 'Yeah', 'Oh')].join('\n'))).toBe('[00:00:00] Yeah\n[00:00:02] Yeah\n[00:00:09] Yeah Oh')
    const talk = ['WEBVTT\n', cue('01.000', '03.000', '- Ready?', '- No.'), cue('03.000', '05.000', '- No.', '- Why not?'), cue('05.000', '07.000', 'La la', 'my love'), cue('07.000', '09.000', 'my love', 'is gone')]
    expect(await textIn('c.vtt', talk.join('\n'))).toBe('[00:00:01] - Ready? - No.\n[00:00:03] - No. - Why not?\n[00:00:05] La la my love\n[00:00:07] my love is gone')
    const words = ['one', 'two', 'three', 'four', 'five']
    const untimed = words.map((word, index) => cue(`0${index}.000`, `0${index + 1}.000`, ...words.slice(Math.max(0, index - 1), index), word))
    expect(await textIn('d.vtt', ['WEBVTT\n', ...untimed].join('\n'))).toBe(words.map((word, index) => `[00:00:0${index}] ${word}`).join('\n'))
  })

  test('markup of captions; who speaks, and signs that are written as those of HTML, are text (openreelio #95) [documents:load]', async () => {
    expect(await textIn('a.vtt', 'WEBVTT\n\n00:01.000 --> 00:03.000\n<v.loud Ann Smith>Welcome to the Q&amp;A,</v>\n<v Ben O&apos;Neill>AT&T&nbsp;or &lt;b&gt;?</v>\n')).toBe("[00:01] Ann Smith: Welcome to the Q&A, Ben O'Neill: AT&T or <b>?")
    expect(await textIn('a.srt', '1\n00:00:01,000 --> 00:00:03,000\n&gt;&gt; <font color="#fff">Tom &amp; Jerry</font>\n')).toBe('[00:00:01] >> Tom & Jerry')
  })

  test('marks of quoted lines of mail that were broken for the way, and the breaks [documents:load]', async () => {
    const mail = (form: string, body: string): Promise<string> => textIn('a.eml', `From: a@b.c\nContent-Type: text/plain; format=flowed${form}\n\n${body}\n`)
    expect(await mail('', 'So it \ngoes on.\n> It was a long \n> sentence of hers.\n>> And \n>> his.\n \n Stuffed.\n-- \nAda')).toBe('From: a@b.c\n\nSo it goes on.\n> It was a long sentence of hers.\n>> And his.\n\nStuffed.\n-- \nAda')
    expect(await mail('; delsp=yes', '長い \n文です。')).toBe('From: a@b.c\n\n長い文です。')
  })
})

describe('heads of mail', () => {
  const mailWith = (disposition: string, encoding = 'utf8', { type = 'application/pdf', subject = 'Lamps', charset = 'us-ascii', body = 'Hello' } = {}): Uint8Array =>
    iconv.encode(`From: a@b.c\nSubject: ${subject}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=b"\n\n--=b\nContent-Type: text/plain; charset=${charset}\n\n${body}\n--=b\nContent-Type: ${type}\nContent-Disposition: attachment;${disposition}\n\nAAAA\n--=b--\n`, encoding)
  const nameIn = async (bytes: Uint8Array): Promise<string | undefined> => /themselves: (.*)$/.exec((await parseDocument({ name: 'a.eml', bytes })).unread ?? '')?.[1]

  test.each([
    ['in the form of RFC 2231', ` filename*=UTF-8''r%C3%A9sum%C3%A9.pdf`, 'résumé.pdf'],
    ['beside a plain one for older programs', ` filename="resume.pdf"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf`, 'résumé.pdf'],
    ['in pieces, cut within a character, in any order', `\n filename*1*=%9C%AC;\n filename*2=.pdf;\n filename*0*=UTF-8''%E6%97%A5%E6`, '日本.pdf'],
    ['in a set of DOS, in pieces', `\n filename*0*=cp850''Gr%81n;\n filename*1*=%20Schl%81ssel.pdf`, 'Grün Schlüssel.pdf'],
    ['in that of Western Windows', ` filename*=windows-1252''%805.pdf`, '€5.pdf'],
    ['with half of a character, which is shown as none', ` filename*=cesu-8''%ED%A0%80a.pdf`, '\ufffda.pdf'],
    ['as encoded words, against the rules', ` filename="=?Shift_JIS?B?lfGNkC5wZGY=?="`, '報告.pdf'],
    ['as encoded words that were cut within a character', `\n filename="=?UTF-8?B?5pel5g==?=\n =?UTF-8?B?nKwucGRm?="`, '日本.pdf'],
    ['as it is said of its type only', '', 'résumé.pdf'],
  ])('the name of an attachment %s [documents:load]', async (_, disposition, name) => {
    expect(await nameIn(mailWith(disposition, 'utf8', disposition === '' ? { type: `application/pdf;\n name*=UTF-8''r%C3%A9sum%C3%A9.pdf` } : {}))).toBe(name)
  })

  test.each([
    ['iso-8859-1', 'latin1', 'Grüße aus Köln', 'Schöne Grüße'], ['shift_jis', 'shift_jis', '会議の報告', '本日の会議の報告です。'], ['koi8-r', 'koi8-r', 'Отчёт за год', 'Добрый день, вот отчёт.'], ['gb2312', 'gbk', '会议报告', '今天的会议报告在附件里。'],
    ['us-ascii', 'koi8-r', 'Отчёт за год', 'Добрый день, вот отчёт.'], ['unknown-8bit', 'euc-kr', '회의 보고서', '오늘 회의 보고서입니다.'], ['us-ascii', 'utf8', 'Grüße', 'Schöne Grüße'],
  ])('letters that stand in them as they are, %s, written in %s [documents:load]', async (charset, encoding, subject, body) => {
    const bytes = mailWith(` filename="${subject}.pdf"`, encoding, { subject, charset, body })
    expect(await textIn('a.eml', bytes)).toBe(`From: a@b.c\nSubject: ${subject}\nAttachments: ${subject}.pdf\n\n${body}`)
    const forwarded = Buffer.concat([Buffer.from('From: x@y.z\nContent-Type: message/rfc822\n\n'), bytes])
    expect(await textIn('b.eml', forwarded)).toContain(`Subject: ${subject}`)
  })

  test('lines between parts with a colon end a head, however many there are [documents:load]', async () => {
    const mail = `From: a@b.c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b:c"\n\n${'--b:c\nX: =?utf-8?Q?a?=\n'.repeat(3_000)}\nA rope.\n--b:c--\n`
    expect((await textIn('a.eml', mail)).split('A rope.')).toHaveLength(2)
  })

  test('ISO-2022-JP without a word of it; marks of heads within a text are text [documents:load]', async () => {
    const japanese = '\u001b$BJs9p\u001b(B'
    expect(await textIn('a.eml', `From: a@b.c\nSubject: ${japanese}\n\n${japanese}\n`)).toBe('From: a@b.c\nSubject: 報告\n\n報告')
    const said = "Write Subject: =?cp850?Q?Gr=81n?= or filename*=cp850''Gr%81n."
    expect(await textIn('a.eml', `From: a@b.c\n\n${said}\n\n--\nX: ${said}\n`)).toContain(`${said}\n\n--\nX: ${said}`)
  })
})

describe('tables', () => {
  const nested = '<table><tr><th>Name</th><th>Sizes</th><th>Place</th></tr><tr><td>rope</td><td><table><tr><td>S</td><td>1</td></tr><tr><td>M</td><td>2</td></tr></table></td><td>shed</td></tr></table>'

  test('a row keeps what a cell of it holds in a table or a list of its own [documents:load]', async () => {
    expect(await textIn('a.html', nested)).toBe('Name | Sizes | Place\nrope | S, 1; M, 2 | shed')
    expect(await textIn('a.html', nested.replace(/<table><tr><td>S.*2<\/td><\/tr><\/table>/, '<ul><li>S</li><li>M</li></ul>'))).toBe('Name | Sizes | Place\nrope | S; M | shed')
    const table = (...rows: readonly (readonly string[])[]): string => `<w:tbl>${rows.map((cells) => `<w:tr>${cells.map((one) => `<w:tc>${one}<w:p/></w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`
    const text = (words: string): string => `<w:p>${run(words)}</w:p>`
    const docx = table([text('rope'), table([text('S'), text('1')], [text('M'), text('2')]), text('shed')])
    expect(await textIn('a.docx', docxOf([['Normal', `x</w:t></w:r></w:p>${docx}<w:p><w:r><w:t>y`]]))).toBe('x\nrope | S, 1; M, 2 | shed\ny')
    const row = (cells: string): string => `<table:table><table:table-row>${cells}</table:table-row></table:table>`
    const td = (inner: string): string => `<table:table-cell>${inner}</table:table-cell>`
    const p = (words: string): string => `<text:p>${words}</text:p>`
    expect(await textIn('a.odt', odt(row(td(p('rope')) + td(row(td(p('S')) + td(p('1')))) + td(p('shed')))))).toBe('rope | S, 1 | shed')
  })

  test('a cell of several rows is said in each of them, of ODS, PPTX and RTF too, and one of several columns once [documents:load]', async () => {
    const cell = (text: string, attributes = ''): string => `<table:table-cell ${attributes}><text:p>${text}</text:p></table:table-cell>`
    const covered = (attributes = ''): string => `<table:covered-table-cell ${attributes}/>`
    const [tall, wide] = ['table:number-rows-spanned="2"', 'table:number-columns-spanned="2"']
    const rows = [cell('North', tall) + cell('rope') + cell('12'), covered() + cell('lamp') + cell('7'), cell('South') + cell('oil', wide) + covered(), cell('Both', `${tall} ${wide}`) + covered() + cell('1'), covered('table:number-columns-repeated="2"') + cell('2')]
    const content = `<office:document-content><office:body><table:table>${rows.map((row) => `<table:table-row>${row}</table:table-row>`).join('')}</table:table></office:body></office:document-content>`
    expect(await textIn('a.ods', zipOf({ 'mimetype': 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': content }))).toBe('North | rope | 12\nNorth | lamp | 7\nSouth | oil\nBoth |  | 1\nBoth |  | 2')

    const field = (text: string, attributes = ''): string => `<a:tc ${attributes}><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`
    const slide = `<p:sld><a:tbl><a:tr>${field('North', 'rowSpan="2"')}${field('rope')}</a:tr><a:tr>${field('', 'vMerge="1"')}${field('lamp')}</a:tr><a:tr>${field('wide', 'gridSpan="2"')}${field('', 'hMerge="1"')}</a:tr></a:tbl></p:sld>`
    expect((await textIn('a.pptx', pptxOf(slide))).split(/\n+/)).toEqual(['North | rope', 'North | lamp', 'wide'])

    const rtf = String.raw`{\rtf1\ansi\trowd\clvmgf\cellx1\cellx2\pard\intbl North\cell rope\par new\cell\row\trowd\clvmrg\cellx1\cellx2\pard\intbl\cell lamp\cell\row\trowd\cellx1\cellx2\pard\intbl South\cell oil\cell\row\pard End.\par}`
    expect(await textIn('a.rtf', rtf)).toBe('North | rope new\nNorth | lamp\nSouth | oil\nEnd.')
  })

  test.each([['an empty cell', ''], ['a cell that is too long to be said again', 'The lamp is lit at dusk, and put out at dawn. '.repeat(4).trim()]])('%s of several rows leaves what covers no older cell: the rows below it say nothing of that one [documents:load]', async (_, text) => {
    const expected = ['North | rope', 'North | lamp', `${text} | oil`, ' | wax', 'end'].map((line) => (text === '' ? line : line.trim()))
    const told = async (name: string, bytes: string | Uint8Array): Promise<string[]> => (await textIn(name, bytes)).split(/\n+/).map((line) => (text === '' ? line : line.trim()))

    const box = (words: string, merge: string): string => `<w:tc><w:tcPr>${merge}</w:tcPr><w:p><w:r><w:t>${words}</w:t></w:r></w:p></w:tc>`
    const [begins, goesOn] = ['<w:vMerge w:val="restart"/>', '<w:vMerge/>']
    const docx = [box('North', begins) + box('rope', ''), box('', goesOn) + box('lamp', ''), box(text, begins) + box('oil', ''), box('', goesOn) + box('wax', ''), box('end', '')]
    expect(await told('a.docx', zipOf({ ...office('word/document.xml'), 'word/document.xml': `<w:document><w:body><w:tbl>${docx.map((row) => `<w:tr>${row}</w:tr>`).join('')}</w:tbl></w:body></w:document>` }))).toEqual(expected)

    const td = (words: string, attributes = ''): string => `<table:table-cell ${attributes}>${words === '' ? '' : `<text:p>${words}</text:p>`}</table:table-cell>`
    const [tall, covered] = ['table:number-rows-spanned="2"', '<table:covered-table-cell/>']
    const ods = [td('North', tall) + td('rope'), covered + td('lamp'), td(text, tall) + td('oil'), covered + td('wax'), td('end')]
    const content = `<office:document-content><office:body><table:table>${ods.map((row) => `<table:table-row>${row}</table:table-row>`).join('')}</table:table></office:body></office:document-content>`
    expect(await told('a.ods', zipOf({ 'mimetype': 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': content }))).toEqual(expected)

    const tc = (words: string, attributes = ''): string => `<a:tc ${attributes}><a:txBody><a:p><a:r><a:t>${words}</a:t></a:r></a:p></a:txBody></a:tc>`
    const pptx = [tc('North', 'rowSpan="2"') + tc('rope'), tc('', 'vMerge="1"') + tc('lamp'), tc(text, 'rowSpan="2"') + tc('oil'), tc('', 'vMerge="1"') + tc('wax'), tc('end')]
    expect(await told('a.pptx', pptxOf(`<p:sld><a:tbl>${pptx.map((row) => `<a:tr>${row}</a:tr>`).join('')}</a:tbl></p:sld>`))).toEqual(expected)

    const rtf = ([merge, first, second]: readonly [string, string, string]): string => String.raw`\trowd${merge}\cellx1\cellx2\pard\intbl ${first}\cell ${second}\cell\row`
    const rows: readonly (readonly [string, string, string])[] = [[String.raw`\clvmgf`, 'North', 'rope'], [String.raw`\clvmrg`, '', 'lamp'], [String.raw`\clvmgf`, text, 'oil'], [String.raw`\clvmrg`, '', 'wax'], ['', 'end', '']]
    expect(await told('a.rtf', String.raw`{\rtf1\ansi${rows.map(rtf).join('')}\pard\par}`)).toEqual(expected)

    // HTML has no cell where one goes on; the others keep their columns all the same.
    const html = `<table><tr><td rowspan=2>North<td>rope</tr><tr><td>lamp</tr><tr><td rowspan=2>${text}<td>oil</tr><tr><td>wax</tr><tr><td>end</tr></table>`
    expect(await told('a.html', html)).toEqual(expected)
  })

  test('tables within cells of RTF, with all that follows them [documents:load]', async () => {
    const nested = (a: string, b: string): string => String.raw`\pard\intbl\itap2 ${a}\nestcell ${b}\nestcell{\*\nesttableprops\trowd\cellx1\cellx2\nestrow}{\nonesttables\par}`
    const rtf = String.raw`{\rtf1\ansi\trowd\cellx1\cellx2\pard\intbl rope\cell ${nested('S', '1')}${nested('M', '2')}\pard\intbl\itap1 shed\cell\row\trowd\cellx1\cellx2\pard\intbl lamp\cell pier\cell\row\pard End.\par}`
    expect(await textIn('a.rtf', rtf)).toBe('rope | S, 1; M, 2; shed\nlamp | pier\nEnd.')
  })

  test('a cell of several rows is said in each of them, of DOCX and HTML: a row that is found alone says what it is of (WeKnora #2657) [documents:load]', async () => {
    expect(await textIn('a.html', '<table><tr><td rowspan=3>North<td>tea<td rowspan=2>old</tr><tr><td>milk</tr><tr><td>wax<td>new</tr><tr><td>South<td>oil<td>new</tr></table><table><tr><td>alone</tr></table>')).toBe('North | tea | old\nNorth | milk | old\nNorth | wax | new\nSouth | oil | new\nalone')
    expect(await textIn('a.html', '<table><tr><td colspan=2>wide<td rowspan=2>R</tr><tr><td>a<td>b</tr></table>')).toBe('wide | R\na | b | R')
    const box = (text: string, properties = ''): string => `<w:tc><w:tcPr>${properties}</w:tcPr><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:tc>`
    const [begins, goesOn] = ['<w:vMerge w:val="restart"/>', '<w:vMerge/>']
    const rows = [[box('North', begins), box('tea')], [box('', goesOn), box('milk')], [box('South', begins), box('oil')], [box('', goesOn), box('wax')], [box('East'), box('rope')]]
    const table = `<w:tbl>${rows.map((cells) => `<w:tr>${cells.join('')}</w:tr>`).join('')}</w:tbl>`
    const bytes = zipOf({ ...office('word/document.xml'), 'word/document.xml': `<w:document><w:body>${table}<w:tbl><w:tr>${box('', goesOn)}${box('apart')}</w:tr></w:tbl></w:body></w:document>` })
    expect(await textIn('a.docx', bytes)).toBe('North | tea\nNorth | milk\nSouth | oil\nSouth | wax\nEast | rope\n | apart')
  })

  test('but where tables set out a page, each of its rows stands alone [documents:load]', async () => {
    const inner = '<table><tr><td>rope</td><td>12</td></tr><tr><td>oil</td><td>3</td></tr></table>'
    expect(await textIn('a.html', `<table><tr><td>${inner}</td></tr></table>`)).toBe('rope | 12\noil | 3')
    const long = 'The lamp is lit at dusk. '.repeat(50).trim()
    expect((await textIn('a.html', `<table><tr><td><p>${long}</p></td><td>${inner}<p>end</p></td></tr></table>`)).split(/\n+/)).toEqual([long, 'rope | 12', 'oil | 3', 'end'])
  })

  test('a title above a table is not the name of its first column, in CSV and in XLSX [documents:load]', async () => {
    expect((await textIn('a.csv', 'Report 2024\nName;Weight;Place\nAnn;1,5;A\nBen;2,25;B\n')).split(/\n+/)).toEqual(['Report 2024', 'Name: Ann; Weight: 1,5; Place: A', 'Name: Ben; Weight: 2,25; Place: B'])
    expect((await textIn('a.csv', 'Account;12\n\nDay;Sum;For\n1;1,50;Rope, old\n2;2,50;Oil, new\n')).split(/\n+/)).toEqual(['Account;12', 'Day: 1; Sum: 1,50; For: Rope, old', 'Day: 2; Sum: 2,50; For: Oil, new'])
    const { chunks } = await parseDocument({ name: 'a.csv', bytes: Buffer.from('Report\n\na,b\n1,x\n') })
    expect(chunks.at(-1)).toMatchObject({ text: 'Report\n\na: 1; b: x', lines: [1, 4] })
    // A column more than the head names is no reason to take the head for a title.
    expect(await textIn('a.csv', 'a,b\n1,2,x\n3,4,y\n')).toContain('a: 1; b: 2; column 3: x')
    const sheet = xlsx(`<row r="1">${cell('A1', 'Report')}</row><row r="3">${cell('A3', 'Name')}${cell('B3', 'Age')}</row><row r="4">${cell('A4', 'Ann')}<c r="B4"><v>4</v></c></row>`)
    expect((await textIn('a.xlsx', sheet)).split(/\n+/)).toEqual(['Report', 'Name | Age', 'Name: Ann; Age: 4'])
    const column = xlsx(`<row r="1">${cell('A1', 'Name')}</row><row r="2">${cell('A2', 'Ann')}</row><row r="3">${cell('A3', 'Ben')}<c r="B3"><v>4</v></c></row>`)
    expect((await textIn('a.xlsx', column)).split(/\n+/)).toEqual(['Name', 'Name: Ann', 'Name: Ben; column 2: 4'])
  })

  test('durations of XLSX are no dates, the first days of 1900 are as Excel shows them, and escapes are what they stand for [documents:load]', async () => {
    const styles = '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/><numFmt numFmtId="165" formatCode="[Red]0"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="46"/><xf numFmtId="14"/><xf numFmtId="165"/></cellXfs></styleSheet>'
    const value = (place: string, style: number, number: string): string => `<c r="${place}" s="${style}"><v>${number}</v></c>`
    const rows = `<row r="1">${value('A1', 1, '1.0625')}${value('B1', 2, '-2.5')}${value('C1', 3, '1')}${value('D1', 3, '61')}${value('E1', 4, '3')}<c r="F1" t="s"><v>0</v></c></row>`
    expect(await textIn('a.xlsx', xlsx(rows, { 'xl/styles.xml': styles, 'xl/sharedStrings.xml': '<sst><si><t>one_x000D_\ntwo</t></si></sst>' }))).toBe('25:30:00 | -60:00:00 | 1900-01-01 | 1900-03-01 | 3 | one two')
  })

  test('a character of two halves is whole wherever in a large table it stands [documents:load]', async () => {
    const rows = `a,b\n${'rope,shed\n'.repeat(27_000)}`
    for (let shift = 0; shift < 4; shift += 1) {
      const begin = rows.slice(0, rows.lastIndexOf('\n', 262_130) + 1)
      const text = `${begin}${'x'.repeat(262_142 + shift - begin.length)}𠮷野家,q\n`
      expect(await textIn('a.csv', text)).toContain('𠮷野家')
    }
  })
})

describe('forms that programs write', () => {
  test('half a character in an escape becomes the sign for what is none, which stores hold [documents:load]', async () => {
    expect(await textIn('a.json', '{"a":"x\\ud83d y"}')).toBe('{"a":"x\ufffd y"}')
    expect(await textIn('a.rtf', String.raw`{\rtf1 x\u-10179?y}`)).toBe('x\ufffdy')
  })

  test('UTF-16 without a mark, of other letters than Latin ones [documents:load]', async () => {
    for (const text of ['Ключ от маяка лежит в синей коробке.\n', '灯台の鍵は青い箱に入っている。\n毎晩灯をともす。', '灯塔的钥匙，放在蓝色的盒子里。']) {
      const bytes = Buffer.from(text, 'utf16le')
      expect(await textIn('a.txt', bytes)).toBe(text.trim())
      expect(await textIn('a.txt', Buffer.from(bytes).swap16())).toBe(text.trim())
    }
  })

  test('a notebook that does not name its language, an EPUB that writes its paths like addresses, a slide with an older form of its shapes [documents:load]', async () => {
    expect(await textIn('a.ipynb', JSON.stringify({ cells: [{ cell_type: 'markdown', source: 'Hello' }], metadata: { language_info: { version: '3' } } }))).toBe('Hello')
    const container = '<container><rootfiles><rootfile full-path="./OPS/my%20book.opf"/></rootfiles></container>'
    const list = '<package><manifest><item id="a" href="a%20b.html" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    expect(await textIn('a.epub', zipOf({ 'mimetype': 'application/epub+zip', 'META-INF/container.xml': container, 'OPS/my book.opf': list, 'OPS/a%20b.html': '<html><body><p>Hello</p></body></html>' }))).toBe('Hello')
    const shape = '<p:sp><p:txBody><a:p><a:r><a:t>Once</a:t></a:r></a:p></p:txBody></p:sp>'
    const slides = zipOf({
      ...office('ppt/presentation.xml'), 'ppt/presentation.xml': '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="a"/></p:sldIdLst></p:presentation>',
      'ppt/_rels/presentation.xml.rels': rels(['a', 'slide', 'slides/slide1.xml']),
      'ppt/slides/slide1.xml': `<p:sld><mc:AlternateContent><mc:Choice>${shape}</mc:Choice><mc:Fallback>${shape}</mc:Fallback></mc:AlternateContent></p:sld>`,
    })
    expect(await textIn('a.pptx', slides)).toBe('Once')
  })

  test('settings of a subtitle that are none, as where a line end was lost [documents:load]', async () => {
    expect(await textIn('a.vtt', 'WEBVTT\n\n00:03.000 --> 00:04.000 align:start line:-1,start position:50%\nLit.\n')).toBe('[00:03] Lit.')
    expect(await textIn('a.vtt', 'WEBVTT\n\n00:03.000 --> 00:04.000 align:startLit.\n')).toBe('[00:03] align:startLit.')
  })

  test('the title of subtitles, and a first line that only begins like theirs [documents:load]', async () => {
    expect(await textIn('a.vtt', 'WEBVTT - Of lamps\nKind: captions\n\n00:03.000 --> 00:04.000\nLit.\n')).toBe('Of lamps\n[00:03] Lit.')
    expect(await textIn('a.vtt', 'WEBVTTalfa\n\nbravo\n')).toBe('WEBVTTalfa\nbravo')
  })

  test('a text of Latin letters with a control character and a bad byte is no UTF-16 [documents:load]', async () => {
    expect(await textIn('a.txt', Buffer.from('\u001flfa\u00fbbravo\n\ncharlie delta\nx', 'latin1'))).toContain('delta')
  })

  test('what looks like a head of subtitles, like markup or like a mark of UTF-16, and is none [documents:load]', async () => {
    expect(await textIn('a.vtt', 'WEBVTT\nNote: lit.\nAnn: hello.\n\n00:03.000 --> 00:04.000\nOut.\n')).toBe('Note: lit. Ann: hello.\n[00:03] Out.')
    expect(await textIn('a.vtt', 'WEBVTT\nKind: captions\nLanguage: en\nX-TIMESTAMP-MAP=LOCAL:0\nStyle:\n::cue(c.x) { color: red;\n }\n##\n\n00:03.000 --> 00:04.000\n<v Ann>If <c.loud>level</c> < 5 and<00:03.500> oil > 3, <i>light</i> it.\n')).toBe('[00:03] Ann: If level < 5 and oil > 3, light it.')
    expect(await textIn('a.txt', Buffer.from('\u00ff\u00feThe lamp is lit.\n', 'latin1'))).toBe('The lamp is lit.')
    expect(await textIn('a.csv', Buffer.from('\u00ef\u00bb\u00bfname;place\nB\u00f6rje;K\u00f6ln und M\u00fcnchen\n', 'latin1'))).toContain('Köln und München')
    for (const text of ['正明曲慢歐', 'The lamp is lit.']) expect(await textIn('a.txt', Buffer.from(`\ufeff${text}`, 'utf16le'))).toBe(text)
  })

  test('what stands of a Markdown document before it is no heading of it [documents:load]', async () => {
    const { chunks } = await parseDocument({ name: 'a.md', bytes: Buffer.from('---\ntitle: My note\ntags: [a]\n---\n\n### Part\n\nText.\n') })
    expect(chunks.map(({ text }) => text).join('\n')).toBe('---\ntitle: My note\ntags: [a]\n---\n\n### Part\n\nText.')
    expect(chunks.map(({ heading }) => heading)).not.toContainEqual(expect.stringContaining('title'))
    const long = await parseDocument({ name: 'a.md', bytes: Buffer.from(`---\ntitle: x\n---\n\n### Part\n\n${'Text. '.repeat(200)}\n`) })
    expect(long.chunks.at(-1)?.heading).toBe('Part')
  })
})

describe('a few words in a set that they do not name', () => {
  test.for([
    ['euc-jp', ['会議の資料', '山田太郎', '電話番号', '住所録', '請求書', '2024年の売上', '名前,年齢\n山田,30', 'メモ\n牛乳を買う', 'ありがとうございます', '株式会社', '議事録', '福岡県', '勤務時間']],
    ['shift_jis', ['会議の資料', '山田太郎', '電話番号', '住所録', '請求書', '機械学習の入門', '議事録', '福岡県']],
    ['gb18030', ['会议记录', '北京市', '机器学习入门', '姓名,年龄\n张三,30', '密码', '发票', '电话号码', '软件工程', '购物清单']],
    ['big5', ['會議記錄', '台北市', '機器學習入門', '姓名,年齡\n張三,30', '密碼', '發票', '電話號碼', '購物清單']],
    ['euc-kr', ['회의록', '서울시', '이름,나이\n홍길동,30', '비밀번호', '우유를 산다', '사용설명서']],
    ['windows-1251', ['Ключ от маяка', 'имя,возраст']],
    ['koi8-r', ['Ключ от маяка', 'имя,возраст']],
    ['windows-1253', ['κλειδί', 'Καλημέρα', 'όχι', 'ευχαριστώ']],
    ['windows-1255', ['תל אביב 2024', 'מכתב', 'ינואר', 'פברואר', 'משה לוי', 'כתובת']],
    ['windows-1256', ['محمد', 'القاهرة 2024', 'سلام']],
    ['ibm866', ['спасибо', 'телефон']],
    ['windows-1252', ['Schlüssel', 'Größe: 5']],
    ['shift_jis', ['報告', 'メモ', '猫と犬', '牛乳\n卵', '了解です。', 'コーヒー', 'Tシャツ']],
    ['euc-jp', ['報告', '猫と犬', '買い物', '牛乳\n卵', '了解です。', 'コーヒー']],
    ['gb18030', ['报告', '苹果', '买牛奶', '牛奶\n鸡蛋', '注意！', '好的。', '你好，世界']],
    ['big5', ['報告', '蘋果', '牛奶和雞蛋', '注意！', '你好，世界', '週五下午']],
    ['euc-kr', ['보고', '서울', '우유\n계란', '고양이', '안녕하세요']],
  ] as const)('are read in %s [documents:load]', async ([encoding, texts]) => {
    for (const text of texts) expect(await textIn('a.txt', iconv.encode(text, encoding))).toBe(text)
  })

  test.for([
    `${'The lamp is lit at dusk and put out at dawn.\n'.repeat(250)}Heat it to 180°C.`, 'Heat it to 180°C.', '25°', 'Item,Price\nTea,£5', '£500', '© 2020 Foo', '§ 5', '±5 V', '½ cup', '10 µg', '5 m²/h', '3×4', '10÷2', '¥100', 'Foo®', '¡Hola!', '2ª vez', 'N°5', '«Bonjour»',
    'El Niño', '¿Qué?', 'Citroën C3', 'Çelik', 'São Paulo', 'Mañana', 'garçon',
  ])('are no such words where one sign or letter of the West stands among ASCII: %s [documents:load]', async (text) => {
    expect((await parseDocument({ name: 'a.txt', bytes: iconv.encode(text, 'windows-1252') })).chunks.map((chunk) => chunk.text).join('\n')).toContain(text.slice(-20))
    for (const polish of ['że był', 'miał', 'Wałęsa']) expect(await textIn('a.txt', iconv.encode(polish, 'windows-1250'))).toBe(polish)
  })

  test('are refused by name where another reading is nearly as likely [documents:load]', async () => {
    const message = 'a.txt has too few letters to tell the encoding that they are in; save it as UTF-8'
    for (const [encoding, text] of [['shift_jis', '猫'], ['big5', '測試'], ['euc-kr', '커피'], ['koi8-r', 'да'], ['windows-1255', 'כן'], ['windows-1251', 'нет']] as const) await expect(textIn('a.txt', iconv.encode(text, encoding))).rejects.toMatchObject({ code: 'document-binary', message })
  })

  /** Names of countries, all of them in letters beyond ASCII, that the set can write. */
  function countriesIn(language: string, encoding: string): readonly string[] {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
    const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index))
    const texts = letters.flatMap((one) => letters.flatMap((other) => names.of(one + other) ?? []))
    return texts.filter((name) => /^[^\0-\u007f]{2,10}$/.test(name) && iconv.decode(iconv.encode(name, encoding), encoding) === name)
  }

  test.for([
    // Three of a hundred names are valid UTF-8 by chance, or of characters so rare that others are likelier.
    ['ja', 'shift_jis', 0.06, 0.6], ['ja', 'euc-jp', 0.06, 0.6], ['zh-Hans', 'gb18030', 0.06, 0.6], ['zh-Hant', 'big5', 0.06, 0.6], ['ko', 'euc-kr', 0.06, 0.6],
    ['ru', 'windows-1251', 0.04, 0.85], ['ru', 'koi8-r', 0.02, 0.9], ['ru', 'ibm866', 0.02, 0.9], ['uk', 'windows-1251', 0.04, 0.85], ['el', 'windows-1253', 0.03, 0.85], ['he', 'windows-1255', 0.1, 0.7], ['ar', 'windows-1256', 0.02, 0.9], ['th', 'windows-874', 0.05, 0.6],
  ] as const)('of a name of a country alone, in the language %s, in %s: nearly none is another word [documents:load]', async ([language, encoding, mostWrong, leastRight]) => {
    const texts = countriesIn(language, encoding)
    const read = await Promise.all(texts.map((text) => textIn('a.txt', iconv.encode(text, encoding)).catch(() => undefined)))
    expect(read.filter((text, index) => text !== undefined && text !== texts[index]).length / texts.length).toBeLessThan(mostWrong)
    expect(read.filter((text, index) => text === texts[index]).length / texts.length).toBeGreaterThan(leastRight)
  })
})

describe('quotation marks, dashes and the euro of Western Windows are no control characters, whichever Node reads them', () => {
  const [western, said] = [iconv.encode('He said “café” – naïve… for 5 €.\n', 'windows-1252'), 'He said “café” – naïve… for 5 €.']
  const withHead = (head: string): Buffer => Buffer.concat([Buffer.from(head), western])

  test('in text that names no set, also where they are all that tells it [documents:load]', async () => {
    expect(await textIn('a.txt', western)).toBe(said)
    for (const text of ['It’s his.', '“Don’t” – it’s 5 €…', 'a “quote” of it', 'from Monday – Friday', 'wait… no']) expect(await textIn('a.txt', iconv.encode(`${text}\n`, 'windows-1252'))).toBe(text)
    expect(await textIn('a.txt', iconv.encode('Prix 5 € cœur élève\n', 'iso-8859-15'))).toBe('Prix 5 € cœur élève')
  })

  test.for(['windows-1252', 'iso-8859-1'])('in HTML and mail that name %s [documents:load]', async (charset) => {
    expect(await textIn('a.html', withHead(`<meta charset="${charset}"><p>`))).toBe(said)
    expect(await textIn('a.eml', withHead(`From: a@b.c\nSubject: =?${charset}?Q?=93x=94?=\nContent-Type: text/plain; charset=${charset}\n\n`))).toBe(`From: a@b.c\nSubject: “x”\n\n${said}`)
  })

  test('in RTF, whose signs of fonts stay what they are [documents:load]', async () => {
    expect(await textIn('a.rtf', String.raw`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1 Wingdings;}}\f0 \'93caf\'e9\'94 \f1 \'9f\par}`)).toBe('“café” •')
  })
})

describe('mail in sets that its parser does not know', () => {
  test.for(['cp850', 'IBM850', 'dos-850', 'cp437'])('%s, in head and text, also of a message within it [documents:load]', async (charset) => {
    const mail = `From: a@b.c\nSubject: =?${charset}?Q?Gr=81n?=\nContent-Type: text/plain; charset="${charset}"\nContent-Transfer-Encoding: quoted-printable\n\nDer Schl=81ssel.\n`
    expect(await textIn('a.eml', mail)).toBe('From: a@b.c\nSubject: Grün\n\nDer Schlüssel.')
    const outer = `From: d@e.f\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n${mail}\n--b--\n`
    expect(await textIn('b.eml', outer)).toContain('Der Schlüssel.')
  })

  test('or that it does not name [documents:load]', async () => {
    expect(await textIn('a.eml', Buffer.from('From: a@b.c\n\nDer Schl\u00fcssel f\u00fcr die T\u00fcr.\n', 'latin1'))).toContain('Der Schlüssel für die Tür.')
  })
})

describe('forms of documents that are one file of XML, or of mail', () => {
  const names = Array.from({ length: 60 }, (_, place) => `xmlns:n${place}="urn:oasis:names:tc:opendocument:xmlns:n${place}:1.0"`).join(' ')
  const flat = (kind: string, body: string): string =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<office:document ${names} office:mimetype="application/vnd.oasis.opendocument.${kind}"><office:meta><meta:generator>Program</meta:generator><dc:creator>Someone</dc:creator></office:meta><office:master-styles><style:footer><text:p>A footer.</text:p></style:footer></office:master-styles><office:body>${body}</office:body></office:document>`

  test('texts and sheets of LibreOffice, with formulas, without what is packed in them [documents:load]', async () => {
    const formula = '<draw:object><math:math><math:semantics><math:mi>E</math:mi><math:annotation>E = m c^2</math:annotation></math:semantics></math:math></draw:object>'
    const chart = '<draw:object><office:document><office:meta><meta:generator>Program</meta:generator></office:meta><office:body><text:p>Oil</text:p></office:body></office:document></draw:object>'
    const text = flat('text', `<office:text><text:h text:outline-level="1">Lamps</text:h><text:p>Lit at dusk<draw:image><office:binary-data>QUJD</office:binary-data></draw:image>: ${formula}</text:p><text:p>${chart}</text:p><text:p>Put out.</text:p></office:text>`)
    for (const name of ['a.fodt', 'a.xml']) expect(await textIn(name, text)).toBe('Lamps\nLit at dusk: E = m c^2\nOil\nPut out.\n\nA footer.')
    const sheet = await parseDocument({ name: 'a.fods', bytes: Buffer.from(flat('spreadsheet', '<table:table table:name="Stores"><table:table-row><table:table-cell><text:p>rope</text:p></table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell></table:table-row></table:table>')) })
    expect(sheet.chunks).toMatchObject([{ text: 'rope | 12', heading: 'Stores' }])
    await expect(textIn('a.fodt', 'no XML')).rejects.toMatchObject({ code: 'document-broken' })
  })

  test('the words of drawings [documents:load]', async () => {
    const lines = '<text y="1">Oil <tspan>tank</tspan><tspan dy="1.2em">north</tspan></text><text><tspan x="1" y="2">H</tspan><tspan x="2" y="2">i</tspan></text>'
    expect(await textIn('a.svg', `<svg><title>Plan</title><style>a{b:c}</style><metadata>m</metadata>${lines}<path d="M0"/></svg>`)).toBe('Plan\nOil tank north\nHi')
    await expect(textIn('a.svg', '<svg><path d="M0"/></svg>')).rejects.toMatchObject({ code: 'document-empty' })
  })

  test("messages of Apple's Mail, which know their length [documents:load]", async () => {
    const mail = 'From: a@b.c\nSubject: Lamps\n\nLit at dusk.\n'
    const read = 'From: a@b.c\nSubject: Lamps\n\nLit at dusk.'
    expect(await textIn('a.emlx', `${mail.length}       \n${mail}<?xml version="1.0"?>\n<plist><dict/></plist>\n`)).toBe(read)
    expect(await textIn('a.emlx', `12\n${mail}`)).toBe(read)
  })
})

describe('what only some programs write is read as what others write', () => {
  test('cells of ODS that have a value and no text, and formulas that nothing has computed [documents:load]', async () => {
    const cells = ['office:value-type="float" office:value="42.5"', 'office:value-type="date" office:date-value="2026-11-30"', 'table:formula="of:=[.A1]+1"'].map((attributes) => `<table:table-cell ${attributes}/>`).join('')
    const content = `<office:document-content><office:body><table:table><table:table-row>${cells}<table:table-cell office:value-type="float" office:value="1.5"><text:p>1,5 €</text:p></table:table-cell></table:table-row></table:table></office:body></office:document-content>`
    expect(await textIn('a.ods', zipOf({ 'mimetype': 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': content }))).toBe('42.5 | 2026-11-30 | =[.A1]+1 | 1,5 €')
    const commented = '<table:table-cell office:value-type="float" office:value="42.5"><office:annotation><dc:creator>Ann</dc:creator><text:p>Really?</text:p></office:annotation></table:table-cell>'
    const sheet = `<office:document-content><office:body><table:table><table:table-row>${commented}</table:table-row></table:table></office:body></office:document-content>`
    expect(await textIn('a.ods', zipOf({ 'mimetype': 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': sheet }))).toMatch(/^\[Ann: Really\? ?\] 42\.5$/)
  })

  test('formulas of XLSX with an empty value in place of none, and the names of charts and their axes [documents:load]', async () => {
    const rich = (text: string): string => `<c:tx><c:rich><a:p><a:r><a:t>${text}</a:t></a:r></a:p></c:rich></c:tx>`
    const bytes = zipOf({
      ...office('xl/workbook.xml'), 'xl/workbook.xml': '<workbook><sheets><sheet name="S" r:id="a"/></sheets></workbook>', 'xl/_rels/workbook.xml.rels': rels(['a', 'worksheet', 'worksheets/sheet1.xml']),
      'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row r="1"><c r="A1"><f>B1+1</f><v></v></c><c r="B1"><v>3</v></c><c r="C1" t="str"><f>T(B1)</f><v></v></c></row></sheetData></worksheet>',
      'xl/worksheets/_rels/sheet1.xml.rels': rels(['d', 'drawing', '../drawings/drawing1.xml']), 'xl/drawings/drawing1.xml': '<xdr:wsDr/>', 'xl/drawings/_rels/drawing1.xml.rels': rels(['c', 'chart', '../charts/chart1.xml']),
      'xl/charts/chart1.xml': `<c:chartSpace><c:title>${rich('Oil burnt')}</c:title><c:ser><c:val><c:v>3</c:v></c:val></c:ser><c:valAx><c:title>${rich('in litres')}</c:title></c:valAx></c:chartSpace>`,
    })
    expect((await textIn('a.xlsx', bytes)).split(/\n+/)).toEqual(['=B1+1 | 3', 'Oil burnt', 'in litres'])
  })

  test('words within drawn shapes of RTF, in the newer form and in the older one, each once [documents:load]', async () => {
    const older = String.raw`{\*\do\dobxpage\dptxbx{\dptxbxtext\pard In a box.\par}\dpx0}`
    expect(await textIn('a.rtf', String.raw`{\rtf1\ansi Before.\par{\shp{\*\shpinst\shpleft0{\sp{\sn shapeType}{\sv 202}}{\shptxt\pard In a box.\par}}{\shprslt${older}}}After.\par}`)).toBe('Before.\nIn a box.\nAfter.')
    expect(await textIn('a.rtf', String.raw`{\rtf1\ansi {\upr{old}{\*\ud{\u1046?}}} new}`)).toBe('Ж new')
    expect(await textIn('a.rtf', String.raw`{\rtf1\ansi Before.\par ${older}After.\par}`)).toBe('Before.\nIn a box.\nAfter.')
  })

  test('books in the form of FictionBook: text under its headings, verses, tables and notes, without the pictures that stand in it as letters [documents:load]', async () => {
    const title = (...lines: readonly string[]): string => `<title>${lines.map((line) => `<p>${line}</p>`).join('')}</title>`
    const body = `<body>${title('The Lamp', 'A tale')}<section>${title('Dusk')}<p>Зажжён <emphasis>в су</emphasis>мерки<a type="note">[1]</a>.</p><poem><stanza><v>line one</v><v>line two</v></stanza><text-author>A. K.</text-author><date>May 1901</date></poem><table><tr><td>rope</td><td>12</td></tr></table></section></body><body name="notes"><section><p>By hand.</p></section></body>`
    const book = `<?xml version="1.0" encoding="windows-1251"?>\n<FictionBook><description><title-info><genre>sf</genre><author><first-name>Ada</first-name><last-name>Keeper</last-name></author><book-title>The Lamp</book-title><date>1999</date></title-info></description>${body}<binary id="c.jpg">AAAABBBB</binary></FictionBook>`
    for (const name of ['a.fb2', 'a.xml']) {
      const { format, chunks } = await parseDocument({ name, bytes: iconv.encode(book, 'windows-1251') })
      expect(format).toBe('fb2')
      expect(chunks.map(({ text }) => text).join('\n')).toBe('Ada Keeper\nThe Lamp\nThe Lamp A tale\nDusk\nЗажжён в сумерки[1].\nline one\nline two\nA. K.\nMay 1901\nrope | 12\nBy hand.')
    }
    expect(await textIn('a.fb2', 'no book')).toBe('no book')
  })

  test('subtitles in the form of SubStation Alpha: what is said, when and by whom, without settings, remarks and drawings [documents:load]', async () => {
    const event = (start: string, name: string, said: string): string => `Dialogue: 0,${start},0:00:59.00,Default,${name},0,0,0,,${said}\n`
    const ass = `[Script Info]\nTitle: Lamps\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n${event('0:00:05.50', 'Ben', String.raw`Out, at\Ndawn & <so> on`)}${event('0:00:01.00', '', String.raw`{\i1}Lit{\i0} at\hdusk{unsure}`)}${event('0:00:09.00', '', String.raw`{\p1}m 0 0 l 9 9{\p0}`)}`
    expect(await textIn('a.ass', ass)).toBe('Lamps\n[0:00:01] Lit at dusk\n[0:00:05] Ben: Out, at dawn & <so> on')
    expect(await textIn('a.ssa', 'no such thing')).toBe('no such thing')
  })
})

describe('of mail, what its programs show beside the text is read', () => {
  const mailOf = (type: string, ...parts: readonly string[]): string => `From: a@b.c\nSubject: Lamps\nMIME-Version: 1.0\nContent-Type: multipart/${type}; boundary=M\n\n${parts.map((part) => `--M\n${part}\n`).join('')}--M--\n`
  const plain = (text: string): string => `Content-Type: text/plain\n\n${text}\n`

  test('what became of a message, and the message: reports of servers, of whoever has read it, of whoever complains [documents:load]', async () => {
    const message = 'From: d@e.f\nSubject: Oil\n\nBring the oil.'
    const bounce = mailOf('report; report-type=delivery-status', plain('Not delivered.'), 'Content-Type: message/delivery-status\n\nAction: failed\nDiagnostic-Code: smtp; 550 unknown', `Content-Type: message/rfc822\n\n${message}`)
    expect((await textIn('a.eml', bounce)).split(/\n+/)).toEqual(['From: a@b.c', 'Subject: Lamps', 'Not delivered.', 'Action: failed', 'Diagnostic-Code: smtp; 550 unknown', 'From: d@e.f', 'Subject: Oil', 'Bring the oil.'])
    expect((await parseDocument({ name: 'a.eml', bytes: Buffer.from(bounce) })).unread).toBeUndefined()
    for (const [type, field] of [['message/disposition-notification', 'Disposition: displayed'], ['message/feedback-report', 'Feedback-Type: abuse'], ['text/rfc822-headers', 'Subject: Oil']] as const) {
      expect(await textIn('a.eml', mailOf('report', plain('See below.'), `Content-Type: ${type}\n\n${field}`))).toContain(`See below.\n\n${field}`)
    }
  })

  test('a message that is attached as a file, in one that is attached as well [documents:load]', async () => {
    const attached = (message: string, boundary: string): string => mailOf('mixed', plain(`Around ${boundary}.`), `Content-Type: message/rfc822\nContent-Disposition: attachment; filename=a.eml\n\n${message}`).replaceAll('=M\n', `=${boundary}\n`).replaceAll('--M', `--${boundary}`)
    const text = await textIn('a.eml', attached(attached('Subject: Innermost\n\nWick.', 'X'), 'Y'))
    for (const words of ['Around X.', 'Around Y.', 'Subject: Innermost', 'Wick.']) expect(text).toContain(words)
    expect(text).not.toContain('Attachments')
    const deep = Array.from({ length: 40 }).reduce<string>((inner, _, index) => attached(inner, `B${index}`), 'Subject: x\n\nWick.')
    expect((await parseDocument({ name: 'a.eml', bytes: Buffer.from(deep) })).unread).toContain('a.eml')
  })

  test('text in a form of old programs where there is no other, a form for programs of one kind not, and a message that lacks the parts that it says it has [documents:load]', async () => {
    const enriched = 'Content-Type: text/enriched\n\n<color><param>red</param>Lit <bold>n</bold>ow</color> a << b.'
    expect(await textIn('a.eml', `From: a@b.c\nSubject: A very\n\tlong one\n${enriched}`)).toBe('From: a@b.c\nSubject: A very long one\n\nLit now a < b.')
    expect(await textIn('a.eml', mailOf('alternative', plain('Lit now.'), enriched, 'Content-Type: text/x-amp-html\n\n<p>Lit now.</p>'))).not.toMatch(/<p>|<bold>|bold.*bold/)
    expect(await textIn('a.eml', 'From: a@b.c\nContent-Type: multipart/mixed; boundary=M\n\nNo line begins a part.\n')).toBe('From: a@b.c\n\nNo line begins a part.')
  })

  test('invitations, each once, and text within the message that is no plain text; what is attached is named [documents:load]', async () => {
    const event = 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Council\nLOCATION:Tower\nEND:VEVENT\nEND:VCALENDAR'
    const invitation = `Content-Type: text/calendar; method=REQUEST; name=a.ics\n\n${event}`
    expect(await textIn('a.eml', mailOf('mixed', plain('We meet.'), invitation, invitation, 'Content-Type: text/x-patch; name=a.patch\nContent-Disposition: inline\n\n+lit', 'Content-Type: text/csv; name=a.csv\nContent-Disposition: attachment\n\na,b'))).toBe('From: a@b.c\nSubject: Lamps\nAttachments: a.csv\n\nWe meet.\n\nSUMMARY: Council\nLOCATION: Tower\n\n+lit')
  })

  test('text that stands within the message as often as it is said there [documents:load]', async () => {
    const inline = (text: string): string => `Content-Type: text/plain; name=notes.txt\nContent-Disposition: inline\n\n${text}`
    const log = 'Lit.\n\nOut.\n\nLit.\n\nOut.'
    const text = await textIn('a.eml', mailOf('mixed', plain('See below.'), inline(log), inline('Out.')).replaceAll('text/plain; name', 'text/x-log; name'))
    expect(text.match(/Lit\.|Out\./g)).toEqual(['Lit.', 'Out.', 'Lit.', 'Out.', 'Out.'])
  })
})

describe('of documents of LibreOffice', () => {
  const odt = (body: string, styles = '', parts: Readonly<Record<string, string>> = {}): Uint8Array => zipOf({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': `<office:document-content><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:text>${body}</office:text></office:body></office:document-content>`, ...parts })
  const entry = (text: string, within = '', more = ''): string => `<text:list-item${more}><text:p>${text}</text:p>${within}</text:list-item>`
  const listOf = (entries: string, more = ' text:style-name="L1"'): string => `<text:list${more}>${entries}</text:list>`
  const numbered = '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1"/><text:list-level-style-number text:level="2" style:num-prefix="(" style:num-suffix=")" style:num-format="a"/><text:list-level-style-number text:level="3" style:num-format="i" text:display-levels="2"/></text:list-style>'

  test('entries of lists and headings have their numbers [documents:load]', async () => {
    expect(await textIn('a.odt', odt(`${listOf(entry('oil', listOf(entry('clean') + entry('fill', listOf(entry('slowly'), '')), '')) + entry('light', listOf(entry('dim'), '')))}<text:p>between</text:p>${listOf(entry('wait'), ' text:style-name="L1" text:continue-numbering="true"')}${listOf(entry('anew', '', ' text:start-value="7"'))}`, numbered))).toBe('1. oil\n(a) clean\n(b) fill\nb.i slowly\n2. light\n(a) dim\nbetween\n3. wait\n7. anew')
    expect(await textIn('a.odt', odt(listOf(entry('plain'), ' text:style-name="L2"'), numbered.replace('"L1"', '"L3"')))).toBe('plain')
    const outline = { 'styles.xml': '<office:document-styles><office:styles><text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/><text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/><text:outline-level-style text:level="3" style:num-format=""/></text:outline-style></office:styles></office:document-styles>' }
    const heading = (level: number, text: string, more = ''): string => `<text:h text:outline-level="${level}"${more}>${text}</text:h>`
    const { chunks } = await parseDocument({ name: 'a.odt', bytes: odt(heading(1, 'Lamps') + heading(1, 'Preface', ' text:is-list-header="true"') + heading(1, 'Oil') + heading(2, 'Prices') + heading(3, 'In spring'), '', outline) })
    expect(chunks.map(({ text }) => text).join('\n')).toBe('1 Lamps\nPreface\n2 Oil\n2.1 Prices\nIn spring')
  })

  test('which are read once where a program has written them too, and as they are where nothing counts them [documents:load]', async () => {
    const body = `<text:h text:outline-level="1"><text:number>1.</text:number>Intro</text:h>${listOf('<text:list-item><text:number>1.</text:number><text:p>oil</text:p></text:list-item>')}${listOf('<text:list-item><text:number>7)</text:number><text:p>light</text:p></text:list-item>', ' text:style-name="L9"')}`
    const outline = '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/></text:outline-style>'
    expect(await textIn('a.odt', odt(body, numbered + outline))).toBe('1. Intro\n1. oil\n7)light')
  })

  test('what is filled into a form [documents:load]', async () => {
    expect(await textIn('a.odt', odt('<office:forms><form:form form:name="Form"><form:text form:name="surname" form:value="default" form:current-value="Lovelace"/><form:text form:name="empty"/><form:checkbox form:label="agreed" form:current-state="checked"/><form:checkbox form:label="sent"/><form:listbox form:name="port"><form:option form:label="Delft"/><form:option form:label="Hoorn" form:current-selected="true"/></form:listbox></form:form></office:forms><text:p>Below.</text:p>'))).toBe('surname: Lovelace\n☒ agreed\n☐ sent\nHoorn\nBelow.')
  })

  test('what a style raises above the line [documents:load]', async () => {
    const raised = async (position: string): Promise<string> => textIn('a.odt', odt('<text:p>10<text:span text:style-name="T1">6</text:span> lamps of <text:span text:style-name="T2">1</text:span></text:p>', `<style:style style:name="T1"><style:text-properties style:text-position="${position}"/></style:style>`))
    expect([await raised('super 58%'), await raised('33% 58%'), await raised('sub 58%'), await raised('0% 100%')]).toEqual(['10^6 lamps of 1', '10^6 lamps of 1', '106 lamps of 1', '106 lamps of 1'])
  })

  test('one that was packed again without the part that says what it is [documents:load]', async () => {
    expect(await textIn('a.odt', zipOf({ 'content.xml': '<office:document-content><office:body><office:text><text:p>Lit</text:p></office:text></office:body></office:document-content>', 'META-INF/manifest.xml': '<manifest:manifest><manifest:file-entry manifest:media-type="application/vnd.oasis.opendocument.text" manifest:full-path="/"/></manifest:manifest>' }))).toBe('Lit')
  })
})
