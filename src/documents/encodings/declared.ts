import { decodeAs } from './decode-as.ts'
import { guessedEncoding, isShort } from './guessed.ts'
import { likeness } from './likeness.ts'

/** Bytes at the beginning in which a declaration is looked for. */
const head = 4_096

/** Formats in which a declaration counts; in a text about HTML it is part of the text. */
const markup = new Set(['html', 'htm', 'xhtml', 'xml', 'svg', 'opf', 'ncx', 'rss', 'atom', 'xsl', 'xsd'])

/** The encoding that a file says it has: XML's and HTML's declarations, the coding lines of source code, what catalogues of messages and LaTeX say. In small letters. */
export function declaredEncoding(bytes: Uint8Array, extension: string): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(head, bytes.byteLength)).toString('latin1')
  const xml = /^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})["']/.exec(text)?.[1]
  if (xml !== undefined) return xml.toLowerCase()
  if (markup.has(extension) || /^\s*(?:<!doctype html|<html)/i.test(text)) {
    const meta = /<meta\s[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{2,40})/i.exec(text)?.[1]
    if (meta !== undefined) return meta.toLowerCase()
  }
  if (extension === 'css') {
    const css = /^@charset "([\w.:-]{2,40})"/.exec(text)?.[1]
    if (css !== undefined) return css.toLowerCase()
  }
  // Python's rule, which Ruby, Perl, Emacs and Vim share: in a comment of the first two lines.
  const [first = '', second = ''] = text.split(/\r\n?|\n/, 2)
  const coding = [first, second].map((line) => /^\s*(?:#|\/\/|\/\*|;|--|%|").{0,200}?\b(?:file)?(?:en)?coding[:=]\s*([\w.-]{2,40})/i.exec(line)?.[1]).find((name) => name !== undefined)
  if (coding === undefined) return declaredIn(text, bytes, extension)
  return coding.toLowerCase().replace(/-(?:unix|dos|mac)$/, '').replace(/^latin-1$/, 'iso-8859-1').replace(/^utf8$/, 'utf-8')
}

const ofLaTeX = new Set(['tex', 'ltx', 'latex', 'sty', 'cls', 'bib', 'bbl', 'dtx'])
/** Sets that LaTeX and programs for it call otherwise. */
const names: Readonly<Record<string, string>> = {
  ansinew: 'windows-1252', applemac: 'macintosh', macosroman: 'macintosh', 'windows latin 1': 'windows-1252', isolatin: 'iso-8859-1', latin1: 'iso-8859-1', utf8x: 'utf-8', utf8: 'utf-8', 'utf-8 unicode': 'utf-8', latin9: 'iso-8859-15', latin10: 'iso-8859-16',
}

/** What only files of one kind say, and what an editor is told at the end of a file. */
function declaredIn(head: string, bytes: Uint8Array, extension: string): string | undefined {
  const catalogue = extension === 'po' || extension === 'pot' ? /^"Content-Type:[^"]{0,200}?charset=([\w.:-]{2,40})/im.exec(head)?.[1] : undefined
  const [, latex, editor] = ofLaTeX.has(extension) ? (/^[ \t]*\\usepackage\[([\w-]{2,20})\]\{inputenc\}/m.exec(head) ?? /^%()[ \t]*!TEX[ \t]+encoding[ \t]*=[ \t]*([\w -]{2,40})/im.exec(head) ?? []) : []
  const tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - last))).toString('latin1')
  const atEnd = /\bvim?:[^\n]{0,200}?\b(?:fileencoding|fenc)=([\w-]{2,40})/.exec(tail)?.[1]
  const name = [catalogue, latex, editor, atEnd].find((one) => one !== undefined && one !== '')?.trim().toLowerCase()
  // What is read so far is in single bytes, and not all of them are of ASCII.
  if (name === undefined || name === 'charset' || /^(?:utf-?(?:16|32)|ucs|unicode|iso-10646|(?:us-)?ascii)/.test(name)) return undefined
  const encoding = names[name] ?? name.replace(/^(?:iso)?latin(\d)$/, 'latin$1')
  return isBelied(bytes, encoding) ? undefined : encoding
}
const last = 400

/** Such a line is often copied from another file: whether another set of one byte for a letter makes a language of the bytes, and this one none. */
function isBelied(bytes: Uint8Array, encoding: string): boolean {
  if (encoding === 'utf-8' || isShort(bytes)) return false
  const guessed = guessedEncoding(bytes)
  if (guessed === undefined || guessed === encoding) return false
  const sample = bytes.subarray(0, 64 * 1_024)
  try {
    const likest = likeness(decodeAs(sample, guessed))
    return likest >= 0.9 && likeness(decodeAs(sample, encoding)) < likest - 0.25
  } catch {
    // A name that nobody knows.
    return true
  }
}
