import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseDocument, textIn } from './parse-document.ts'
import { withLetters } from '../../src/documents/formats/escaped-letters.ts'
import { limits } from '../../src/protocol/limits.ts'
import { docxOf, pdfOf, zipOf } from './made-files.ts'

const bytesOf = (text: string): Uint8Array => Buffer.from(text)
const parsed = (name: string, content: string | Uint8Array) => parseDocument({ name, bytes: typeof content === 'string' ? bytesOf(content) : content })
const textsIn = async (name: string, content: string | Uint8Array): Promise<string> => (await parsed(name, content)).chunks.map(({ text }) => text).join('\n')

describe('a document is read', () => {
  test('from PDF by pages, with their headings, hundreds of them [documents:load]', async () => {
    const { format, pages, chunks } = await parsed('report.pdf', await pdfOf(400, (page) => `The reading of gauge ${page} is ${page * 7}. `.repeat(40)))
    expect([format, pages]).toEqual(['pdf', 400])
    expect(new Set(chunks.map(({ page }) => page)).size).toBe(400)
    for (const page of [1, 3, 200, 399, 400]) {
      const own = chunks.filter((chunk) => chunk.page === page)
      expect(own.map(({ text }) => text).join(' ')).toContain(`gauge ${page} is ${page * 7}.`)
      expect(new Set(own.map(({ heading }) => heading))).toEqual(new Set([`Chapter ${page}`]))
    }
  })

  test('from DOCX under its headings [documents:load]', async () => {
    const long = 'The keeper writes down the level at dawn. '.repeat(12)
    const { chunks } = await parsed('manual.docx', docxOf([['Heading1', 'Keeping'], ['Normal', long], ['Heading2', 'At night'], ['Normal', `Lamps are lit. ${long}`]]))
    expect(chunks.map(({ heading }) => heading)).toEqual(['Keeping', 'Keeping › At night'])
    expect(chunks[1]?.text).toContain('Lamps are lit.')
  })

  test('from HTML as its reader sees it: no scripts, labels of drawings, tables as rows, entities as characters [documents:load]', async () => {
    const page = `<html><head><title>T</title><style>p{}</style></head><body><script>alert(1)</script><h1>Tides<br/>&amp; times</h1><p>High at\n noon.<br>Low at six.</p>
      <table><tr><th>Day</th><th>Level</th></tr><tr><td>Mon</td><td>3 m</td></tr></table><pre>a\n  b</pre><svg><title>Tides</title><path d="M0"/><g>no<text>High</text><text>Low</text></g></svg><p>End.</p><svg><g>no<p>All the same.</body></html>`
    const { chunks } = await parsed('tides.html', page)
    expect(chunks.map(({ text }) => text).join('\n')).toBe('Tides & times\nHigh at noon.\nLow at six.\nDay | Level\nMon | 3 m\na\n  b\nTides\nHigh\nLow\nEnd.\nAll the same.')
    expect(chunks[0]?.heading).toBe('Tides & times')
  })

  test('from Markdown by sections, with lines that are those of the file [documents:load]', async () => {
    const filler = 'A sentence that fills the section up. '.repeat(12).trim()
    const source = `# Handbook\n\n${filler}\n\n## Locks\n\nTurn left. ${filler}\n\n\`\`\`sh\n# no heading\n\`\`\`\n\nSetext\n======\n\n${filler}\n`
    const { chunks } = await parsed('handbook.md', source)
    expect(chunks.map(({ heading }) => heading)).toEqual(['Handbook', 'Handbook › Locks', 'Setext'])
    const lines = source.split('\n')
    for (const { lines: [from, to] = [0, 0], text } of chunks) expect(lines.slice(from - 1, to).join('\n')).toBe(text)
  })

  test('as plain text where it is source code of more than a megabyte, which would hold up its worker [documents:load]', async () => {
    const { format, chunks } = await parsed('generated.ts', 'export const rate = 3\n\n'.repeat(60_000))
    expect([format, new Set(chunks.map(({ heading }) => heading))]).toEqual(['code', new Set([undefined])])
    expect(chunks[0]?.lines?.[0]).toBe(1)
  })

  test('from CSV record by record, with the names of its columns [documents:load]', async () => {
    expect(await textsIn('gauges.csv', 'name,level\n"Upper, old",3\nLower,5\n')).toBe('name: Upper, old; level: 3\nname: Lower; level: 5')
    expect(await textsIn('gauges.csv', 'name;level\nUpper;3,5\n')).toBe('name: Upper; level: 3,5')
    expect(await textsIn('gauges.tsv', 'name\tlevel\nUpper\t3\n')).toBe('name: Upper; level: 3')
  })

  test.each([
    ['ts', 'export const rate = 3\n\nexport class Gauge {\n  read(): number {\n    return 1\n  }\n}\n', ['rate', 'Gauge']],
    ['py', 'import os\n\ndef read_gauge(x):\n    return x\n\nclass Gauge:\n    def read(self):\n        return 1\n', [undefined, 'read_gauge', 'Gauge']],
    ['go', 'package main\n\nfunc Read(a int) int { return a }\n\ntype Gauge struct { Name string }\n', [undefined, 'Read', 'Gauge']],
    ['rs', 'pub struct Gauge { x: i32 }\n\nfn read() {}\n', ['Gauge', 'read']],
    ['java', 'class Gauge { String read() { return ""; } }\n', ['Gauge']],
    ['cpp', 'int read(int a) { return a; }\nclass Gauge { int x; };\n', ['read', 'Gauge']],
    ['php', '<?php\nfunction read($a) { return $a; }\n', [undefined, 'read']],
  ])('from source code at its definitions: %s [documents:load]', async (extension, source, names) => {
    // Each definition is made long enough to stand alone.
    const comment = extension === 'py' ? '#' : '//'
    const { codeParts, parserOf } = await import('../../src/documents/formats/code.ts')
    const parser = parserOf(extension)
    if (parser === undefined) throw new Error(`no parser for ${extension}`)
    const parts = codeParts(source, parser).filter(({ text }) => /\w/.test(text))
    expect(parts.map(({ heading }) => heading)).toEqual(names)
    expect((await parsed(`gauge.${extension}`, `${comment} a file\n${source}`)).format).toBe('code')
  })

  test('from large classes member by member, comments with what they belong to [documents:load]', async () => {
    const method = (name: string): string => `  /** About ${name}. */\n  ${name}(): number {\n${'    this.count += 1\n'.repeat(50)}    return 1\n  }\n`
    const { chunks } = await parsed('big.ts', `class Big {\n${method('first')}\n${method('second')}}\n`)
    const second = chunks.find(({ text }) => text.includes('second()'))
    expect(second?.heading).toBe('Big › second')
    expect(second?.text).toMatch(/^\s*\/\*\* About second\. \*\//)
  })
})

describe('an encoding is found', () => {
  const text = 'Größe und Gewicht: müßige Sätze über Öl. Grüße aus Köln, schöne Füße und ähnliche Übel.'
  test.each([
    ['UTF-8', bytesOf(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
    ['Latin-1', Buffer.from(text, 'latin1')],
  ])('%s [documents:load]', async (_, bytes) => {
    expect(await textsIn('notes.txt', bytes)).toBe(text)
  })

  test('with any line ends [documents:load]', async () => {
    const { chunks } = await parsed('notes.txt', 'one\r\ntwo\r\n\r\nthree\rfour')
    expect(chunks).toEqual([{ text: 'one\ntwo\n\nthree\nfour', lines: [1, 5] }])
  })
})

describe('a file that gives no text is refused by name', () => {
  test.each<[string, string, () => Uint8Array | Promise<Uint8Array>, string, RegExp]>([
    ['an empty one', 'a.txt', () => new Uint8Array(), 'document-empty', /a\.txt is empty/],
    ['one of blanks', 'a.md', () => bytesOf(' \n\n\t'), 'document-empty', /holds no text/],
    ['a truncated PDF', 'a.pdf', async () => (await pdfOf(3, () => 'text')).slice(0, 300), 'document-broken', /can't be read as PDF: the file is damaged/],
    ['a PDF in name only', 'a.pdf', () => bytesOf('no such thing'), 'document-broken', /as PDF/],
    ['an encrypted PDF', 'a.pdf', () => pdfOf(1, () => 'secret', { password: 'x' }), 'document-encrypted', /save it without a password/],
    ['a damaged DOCX', 'a.docx', () => docxOf([['Normal', 'x'.repeat(900)]]).slice(0, 700), 'document-broken', /as DOCX/],
    ['another ZIP archive', 'a.docx', () => zipOf({ 'a.txt': 'hello' }), 'document-binary', /ZIP archive/],
    ['a picture', 'a.txt', () => readFileSync(new URL('../../docs/temporal-ui.png', import.meta.url)), 'document-binary', /is a picture/],
    ['a list of properties of Apple in binary form', 'a.plist', () => Buffer.from('bplist00\u00d1\u0001\u0002QKQV\b', 'latin1'), 'document-binary', /list of properties/],
    ['random bytes', 'a.txt', () => Uint8Array.from({ length: 4_000 }, (_, index) => (index * 7919) % 256), 'document-binary', /not text in any encoding/],
    ['one that is too large', 'a.txt', () => new Uint8Array(limits.documentBytes + 1), 'document-too-large', /the limit is/],
  ])('%s [documents:load]', async (_, name, make, code, text) => {
    const bytes = await make()
    await expect(parseDocument({ name, bytes })).rejects.toMatchObject({ code, message: expect.stringMatching(text) as string })
  })
})

test('the bytes of pictures within a text are no text of it: a mark stays, and short examples stay whole [documents:load]', async () => {
  const address = `data:image/png;base64,${'iVBORw0KGgo'.repeat(3_000)}==`
  expect(await textIn('a.md', `# Lamp\n\n![lamp](${address})\n\nLit.\n\n[1]: ${address}\n`)).toBe('# Lamp\n\n![lamp](data:image/png;base64,…)\n\nLit.\n\n[1]: data:image/png;base64,…')
  expect(await textIn('a.ts', `const lamp = '${address}'\n`)).toBe("const lamp = 'data:image/png;base64,…'")
  expect(await textIn('a.json', `{"lamp": "${address}", "lit": "at dusk"}`)).toBe('{"lamp": "data:image/png;base64,…", "lit": "at dusk"}')
  expect(await textIn('a.ipynb', JSON.stringify({ cells: [{ cell_type: 'markdown', source: [`![lamp](${address})\n`, 'Lit.'] }] }))).toBe('![lamp](data:image/png;base64,…)\nLit.')
  expect(await textIn('a.md', `![film](data:video/mp4;base64,${'AAAAIGZ0'.repeat(6_000_000)})`)).toBe('![film](data:video/mp4;base64,…)')
  expect(await textIn('a.md', 'As `data:image/gif;base64,R0lGODlhAQABAAAAACw=` is.')).toBe('As `data:image/gif;base64,R0lGODlhAQABAAAAACw=` is.')
})

test('a cell or an output of a notebook that holds what it may not costs itself alone, and a long line of JSONL no short one [documents:load]', async () => {
  const cells = [{ cell_type: 'markdown', source: null }, { source: ['a = 1', null] }, { cell_type: 'code', source: 'b = 2', outputs: [null, { text: 3 }, { data: { 'text/plain': 'two' } }] }, { cell_type: 'code', source: 'c', outputs: null }]
  expect(await textIn('a.ipynb', JSON.stringify({ cells }))).toBe('a = 1\n\nb = 2\n\nOutput: two\n\nc')
  expect(await textIn('a.jsonl', `{"a":1,"b":2}\n{"c":"${'x'.repeat(1_100)}"}\n{broken`)).toMatch(/^\{"a":1,"b":2\}\n/)
})

test.each([
  String.raw`\url{http://a.example/\~anna/} line one\\'Enough' he said\\"Und so"`,
  String.raw`$\v{r} = \d{t}$, \(\v{r}\), \[\v{r}\] $$\u{n}$$ \begin{align*}\v{r}\\[2pt] \"u\end{align*}`,
  String.raw`\verb|printf(\"a\")|, \lstinline!\'e! \lstinline{\"a} \begin{alltt}\"u\end{alltt} \begin{filecontents}{a.bib}\"u\end{filecontents}`,
])('addresses, formulas and code of LaTeX stay as they are written, and what follows them is read: %s [documents:load]', async (written) => {
  expect(await textIn('a.tex', String.raw`${written} caf\'e`)).toBe(`${written} café`)
  expect(await textIn('a.bib', String.raw`${written} {\'e}`)).toBe(`${written} é`)
})

test('a sign of LaTeX before thousands of blanks costs no time, and neither do formulas that never end [documents:load]', () => {
  const written = [String.raw`{\'${' '.repeat(60_000)}`, String.raw`\( $x \[ `.repeat(2_000)]
  const begun = performance.now()
  expect(written.map((text) => withLetters(text, 'tex'))).toEqual(written)
  expect(performance.now() - begun).toBeLessThan(2_000)
})

test.each([
  ['a.tex', String.raw`Gr\"u{\ss}e, na\"{\i}ve, {\'E}t\'e, fa\c cade, \v{S}koda, Gro\ss e, S{\o}ren, Erd\H{o}s`, 'Grüße, naïve, Été, façade, Škoda, Große, Søren, Erdős'],
  ['a.tex', String.raw`$\hat{x} + \bar{u} \L x$ \textbf{L}amp \dots \cite{a} \begin{tabular}{c} \\ \o\x \.com \begin{lstlisting}\"error\end{lstlisting}`, String.raw`$\hat{x} + \bar{u} \L x$ \textbf{L}amp \dots \cite{a} \begin{tabular}{c} \\ \o\x \.com \begin{lstlisting}\"error\end{lstlisting}`],
  ['a.bib', String.raw`title={The {L}amp of {\"O}land}, author={G{\"o}del}`, 'title={The Lamp of Öland}, author={Gödel}'],
  ['a.properties', String.raw`greeting=Gr\u00fc\u00dfe`, 'greeting=Grüße'],
  ['a.txt', String.raw`Gr\"u{\ss}e \u00fc`, String.raw`Gr\"u{\ss}e \u00fc`],
])('letters that texts of a kind write by signs are letters: %s, %s [documents:load]', async (name, written, text) => expect(await textIn(name, written)).toBe(text))
