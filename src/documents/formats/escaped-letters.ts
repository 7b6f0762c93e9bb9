import { decodeHTMLStrict } from 'entities'
import { decodeEscapes } from './json.ts'

const latex = new Set(['bbl', 'bib', 'latex', 'ltx', 'tex'])
const marks: Readonly<Record<string, string>> = {
  '`': '\u0300', "'": '\u0301', '^': '\u0302', '~': '\u0303', '"': '\u0308', '=': '\u0304', '.': '\u0307', u: '\u0306', v: '\u030c', H: '\u030b', c: '\u0327', k: '\u0328', r: '\u030a', d: '\u0323', b: '\u0331',
}
const letters: Readonly<Record<string, string>> = { ss: 'ß', ae: 'æ', AE: 'Æ', oe: 'œ', OE: 'Œ', aa: 'å', AA: 'Å', o: 'ø', O: 'Ø', l: 'ł', L: 'Ł' }

/** `\"u`, `\"{u}`, `\c c` and `\'\i`, with or without braces around it; no `/\~anna` of an address, and no sign behind the `\\` that ends a line. */
const marked = /\{\s*\\(?:([`'^~"=.])|([uvHckrdb])(?=[\s{]))\s*(?:\{\s*(\\[ij]|\p{L})\s*\}|(\\[ij](?![a-zA-Z])|\p{L}))\s*\}|(?<![\\/])\\(?:([`'^~"])|([=.uvHckrdb])(?=\{)|([cHkv])(?=[ \t]\p{L}))[ \t]*(?:\{\s*(\\[ij]|\p{L})\s*\}|(\\[ij](?![a-zA-Z])[ \t]?|\p{L}))/gu
/** `{\ss}`, `\ss{}`; and within a word `\ss `. Some of these are often other things in formulas: those stand in braces, or within a word. */
const named = /\{\s*\\(ss|ae|AE|oe|OE|aa|AA|[oOlL])\s*\}|\\(ss|ae|AE|oe|OE|aa|AA|[oOlL])\{\}|(?<=\p{L})\\(ss|ae|AE|oe|OE|aa|AA|[oOlL])(?![a-zA-Z])[ \t]*|\\(ss|ae|AE|oe|OE|aa|AA)(?![a-zA-Z])[ \t]+(?=\p{L})/gu
/** Braces of a bibliography that keep capital letters, `The {L}amp`, and those of a command's words, `\emph{L}amp`. */
const kept = /(\\[a-zA-Z]{1,32})?\{(\p{L}+)\}(?=(\p{L})?)/gu

/** Code that is shown as it is written, and formulas, in which the same signs are of other meanings: `\v{r}` is a vector. */
const environments = 'alltt|align|alignat|displaymath|eqnarray|equation|filecontents|flalign|gather|lstlisting|math|minted|multline|[vV]erbatim'
/** So far from its beginning is the end of what stands between two signs: a price has a dollar too. */
const inLine = String.raw`(?:(?!\n[ \t]*\n)[^]){1,2000}?`
const asWritten = new RegExp([
  String.raw`\\begin\{((?:${environments})\*?)\}[^]*?(?:\\end\{\1\}|$)`,
  String.raw`\\(?:verb|lstinline)\*?(?:\[[^\]\n]{0,200}\])?([^a-zA-Z\s*[{])[^\n]{0,1000}?\2`,
  String.raw`\\lstinline\{[^{}\n]{0,1000}\}`,
  String.raw`(?<!\\)(?:\\\(${inLine}\\\)|\\\[${inLine}\\\]|\$\$${inLine}\$\$|\$(?!\$)${inLine}(?<!\\)\$)`,
].join('|'), 'g')

/** Letters that a text of this kind writes by signs become what they are, so that its words are found: LaTeX and bibliographies, Java's `.properties`, and XML. */
export function withLetters(text: string, extension: string): string {
  if (extension === 'properties') return decodeEscapes(text)
  if (xml.has(extension) || /^\s*<\?xml\s/.test(text.slice(0, 200))) return withoutReferences(text, isFeed(text, extension))
  if (!latex.has(extension) || !text.includes('\\')) return text
  let whole = ''
  let end = 0
  for (const { index, 0: piece } of text.matchAll(asWritten)) {
    whole += spelled(text.slice(end, index), extension) + piece
    end = index + piece.length
  }
  return whole + spelled(text.slice(end), extension)
}

function spelled(text: string, extension: string): string {
  const whole = text.replaceAll(marked, (written, ...groups: readonly (string | undefined)[]) => {
    const [mark, base] = groups.slice(0, 9).filter((group) => group !== undefined)
    const letter = `${(base ?? '').trim().replace('\\', '')}${marks[mark ?? ''] ?? ''}`.normalize('NFC')
    return letter.length === 1 ? letter : written
  }).replaceAll(named, (_, ...groups: readonly (string | undefined)[]) => letters[groups.slice(0, 4).find((group) => group !== undefined) ?? ''] ?? '')
  return extension === 'bib' || extension === 'bbl' ? withoutKept(whole) : whole
}

/** Files of XML that are read as they are written, but for such letters. */
const xml = new Set(['atom', 'dbk', 'docbook', 'opml', 'rdf', 'resx', 'rss', 'tei', 'xlf', 'xliff', 'xml'])
const isFeed = (text: string, extension: string): boolean => ['atom', 'rss'].includes(extension) || /<(?:rss|feed|rdf:RDF)[\s>]/.test(text.slice(0, 2_000))
/** `It&#8217;s`; what a section of characters holds is no reference, but for feeds, which hold pages as texts. */
const reference = /<!\[CDATA\[[^]*?(?:\]\]>|$)|&(#x[\da-fA-F]{1,6}|#\d{1,7}|[A-Za-z]\w{1,30});/g
/** And `It&amp;#8217;s`. Elsewhere this is a text of how such signs are written. */
const referenceOfFeed = /&(?:amp;)?(#x[\da-fA-F]{1,6}|#\d{1,7}|[A-Za-z]\w{1,30});/g

/** The signs that XML itself is made of stay as they are written. A line stays one. */
const withoutReferences = (text: string, ofFeed: boolean): string =>
  text.replaceAll(ofFeed ? referenceOfFeed : reference, (written, name: string | undefined) => {
    if (name === undefined) return written
    const sign = decodeHTMLStrict(`&${name};`)
    return /^[<>&]/.test(sign) ? written : sign.trim() === '' ? ' ' : sign
  })

const withoutKept = (text: string): string =>
  text.replaceAll(kept, (whole, command: string | undefined, inner: string, after: string | undefined, place: number) => {
    if (command !== undefined || (after === undefined && !/\p{L}/u.test(text.charAt(place - 1)))) return whole
    return inner
  })
