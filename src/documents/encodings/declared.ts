/** Bytes at the beginning in which a declaration is looked for. */
const head = 4_096

/** Formats in which a declaration counts; in a text about HTML it is part of the text. */
const markup = new Set(['html', 'htm', 'xhtml', 'xml', 'svg', 'opf', 'ncx', 'rss', 'atom', 'xsl', 'xsd'])

/** The encoding that a file says it has: XML's and HTML's declarations, and the coding lines of source code. In small letters. */
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
  return coding === undefined ? undefined : coding.toLowerCase().replace(/-(?:unix|dos|mac)$/, '').replace(/^latin-1$/, 'iso-8859-1').replace(/^utf8$/, 'utf-8')
}
