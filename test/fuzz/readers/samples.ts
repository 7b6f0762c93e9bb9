import { docxOf, office, pdfOf, rels, zipOf } from '../../documents/made-files.ts'

/** A whole file of a format, small, with text in each of the places in which its reader looks for text. */
export interface Sample {
  readonly extension: string
  readonly bytes: Uint8Array
  /** Of its text, one of each place. */
  readonly words: readonly string[]
  /** `lines`: its text is the file's own, so that what is left of a changed file can be told. `checked`: the file has sums that tell each change. */
  readonly kind: 'lines' | 'markup' | 'checked' | 'unchecked'
}

const drawn = (text: string): string => `<p:sp><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`

const pptx = zipOf({
  ...office('ppt/presentation.xml'),
  'ppt/presentation.xml': '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="a"/><p:sldId id="257" r:id="b"/></p:sldIdLst></p:presentation>',
  'ppt/_rels/presentation.xml.rels': rels(['a', 'slide', 'slides/slide1.xml'], ['b', 'slide', 'slides/slide2.xml']),
  'ppt/slides/slide1.xml': `<p:sld>${drawn('alfa')}${drawn('bravo')}</p:sld>`,
  'ppt/slides/slide2.xml': `<p:sld>${drawn('charlie')}</p:sld>`,
  'ppt/slides/_rels/slide2.xml.rels': rels(['n', 'notesSlide', '../notesSlides/notesSlide1.xml']),
  'ppt/notesSlides/notesSlide1.xml': `<p:notes>${drawn('delta')}</p:notes>`,
})
const xlsx = zipOf({
  ...office('xl/workbook.xml'),
  'xl/workbook.xml': '<workbook><sheets><sheet name="echo" sheetId="1" r:id="a"/><sheet name="foxtrot" sheetId="2" r:id="c"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels': rels(['a', 'worksheet', 'worksheets/sheet1.xml'], ['b', 'sharedStrings', 'sharedStrings.xml'], ['c', 'worksheet', 'worksheets/sheet2.xml']),
  'xl/sharedStrings.xml': '<sst><si><t>golf</t></si><si><t>hotel</t></si></sst>',
  'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row></sheetData></worksheet>',
  'xl/worksheets/sheet2.xml': '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>india</t></is></c></row></sheetData></worksheet>',
})
const epub = zipOf({
  mimetype: 'application/epub+zip', 'META-INF/container.xml': '<container><rootfiles><rootfile full-path="o/book.opf"/></rootfiles></container>',
  'o/book.opf': '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="b" href="b.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="b"/><itemref idref="a"/></spine></package>',
  'o/a.xhtml': '<html><body><h1>alfa</h1><p>bravo</p></body></html>', 'o/b.xhtml': '<html><body><p>charlie</p></body></html>',
})
const odt = zipOf({
  mimetype: 'application/vnd.oasis.opendocument.text',
  'content.xml': '<c><text:h text:outline-level="1">alfa</text:h><text:p>bravo<text:note><text:note-body><text:p>charlie</text:p></text:note-body></text:note></text:p><table:table><table:table-row><table:table-cell><text:p>delta</text:p></table:table-cell></table:table-row></table:table></c>',
})
const fodt = '<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.text"><office:body><text:h>alfa</text:h><text:p>bravo<draw:object><math:math><math:annotation>charlie</math:annotation></math:math></draw:object></text:p></office:body></office:document>'
const mail = 'From: alfa <a@example.org>\nSubject: =?utf-8?Q?bravo?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain\n\ncharlie\n--c\nContent-Type: text/html\n\n<p>charlie</p>\n--c--\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nZGVsdGE=\n--b--\n'
const notebook = { cells: [{ cell_type: 'markdown', source: '# alfa' }, { cell_type: 'code', source: ['bravo()'], outputs: [{ output_type: 'stream', text: 'charlie' }] }], metadata: {} }

const text = (extension: string, content: string, words: readonly string[], kind: Sample['kind'] = 'lines'): Sample => ({ extension, bytes: Buffer.from(content), words, kind })

export const samples: readonly Sample[] = [
  { extension: 'pdf', bytes: await pdfOf(3, (page) => ['alfa', 'bravo', 'charlie'][page - 1] ?? ''), words: ['alfa', 'bravo', 'charlie'], kind: 'unchecked' },
  { extension: 'docx', bytes: docxOf([['Heading1', 'alfa'], ['Normal', 'bravo'], ['Normal', 'charlie']]), words: ['alfa', 'bravo', 'charlie'], kind: 'checked' },
  { extension: 'pptx', bytes: pptx, words: ['alfa', 'bravo', 'charlie', 'delta'], kind: 'checked' },
  { extension: 'xlsx', bytes: xlsx, words: ['golf', 'hotel', 'india'], kind: 'checked' },
  { extension: 'epub', bytes: epub, words: ['alfa', 'bravo', 'charlie'], kind: 'checked' },
  { extension: 'odt', bytes: odt, words: ['alfa', 'bravo', 'charlie', 'delta'], kind: 'checked' },
  text('rtf', String.raw`{\rtf1\ansi{\fonttbl{\f0 Times;}}\f0 alfa\par{\footnote bravo}\trowd\intbl charlie\cell delta\cell\row\pard echo}`, ['alfa', 'bravo', 'charlie', 'delta', 'echo'], 'markup'),
  text('fodt', fodt, ['alfa', 'bravo', 'charlie'], 'markup'),
  text('fb2', '<FictionBook><body><title><p>alfa</p></title><section><p>bravo</p></section></body><body name="notes"><section><p>charlie</p></section></body><binary id="a">AAAA</binary></FictionBook>', ['alfa', 'bravo', 'charlie'], 'markup'),
  text('svg', '<svg><title>alfa</title><text>bravo<tspan dy="1">charlie</tspan></text></svg>', ['alfa', 'bravo', 'charlie'], 'markup'),
  text('eml', mail, ['alfa', 'bravo', 'charlie', 'delta'], 'markup'),
  text('emlx', `${mail.length}\n${mail}<?xml version="1.0"?>\n`, ['alfa', 'bravo', 'charlie', 'delta'], 'markup'),
  text('mbox', 'From a@b.c Mon Jan  1 00:00:00 2024\nSubject: alfa\n\nbravo\n\nFrom a@b.c Tue Jan  2 00:00:00 2024\nSubject: charlie\n\ndelta\n', ['alfa', 'bravo', 'charlie', 'delta'], 'markup'),
  text('ipynb', JSON.stringify(notebook), ['alfa', 'bravo', 'charlie'], 'markup'),
  text('json', '{"alfa":["bravo",1,{"charlie":null}],\n"delta":"echo"}', ['alfa', 'bravo', 'charlie', 'delta', 'echo']),
  text('yaml', '# alfa\nbravo: charlie\ndelta:\n  - echo\n', ['alfa', 'bravo', 'charlie', 'delta', 'echo']),
  text('srt', '1\n00:00:01,000 --> 00:00:02,000\nalfa bravo\n\n2\n00:01:01,000 --> 00:01:02,000\ncharlie\n', ['alfa', 'bravo', 'charlie']),
  text('vtt', 'WEBVTT\n\n00:01.000 --> 00:02.000\nalfa\n\nbravo\n00:03.000 --> 00:04.000 align:start\ncharlie\n', ['alfa', 'charlie']),
  text('csv', 'alfa;bravo\n"charlie, old";3\ndelta;4\n', ['alfa', 'bravo', 'charlie', 'delta']),
  text('html', '<h1>alfa</h1><table><tr><td>bravo<td>charlie</table><p>delta<ul><li>echo</ul>', ['alfa', 'bravo', 'charlie', 'delta', 'echo'], 'markup'),
  text('md', '# alfa\n\n- bravo\n- charlie\n\n```\ndelta\n```\n\n| echo |\n|---|\n| golf |\n', ['alfa', 'bravo', 'charlie', 'delta', 'echo', 'golf']),
  text('ts', '// alfa\nexport class Bravo {\n  charlie() {\n    return delta\n  }\n}\n', ['alfa', 'Bravo', 'charlie', 'delta']),
  text('txt', 'alfa\nbravo\n\ncharlie delta\n', ['alfa', 'bravo', 'charlie', 'delta']),
]
