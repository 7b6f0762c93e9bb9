import type { ParserOptions } from 'htmlparser2'

/**
 * XHTML closes empty elements by `/>`, which HTML ignores: `<script/>` would make the rest of the page a script. Who writes that in a page, means it so.
 */
export const isXhtml = (html: string, extension: string): boolean =>
  extension === 'xhtml' || /^\s*(?:<\?xml|<!DOCTYPE\s+html\s+PUBLIC\s+"-\/\/W3C\/\/DTD XHTML)/i.test(html.slice(0, 400)) || /<(?:iframe|script|style|textarea|title)\b[^<>]*\/>/i.test(html)

export const htmlOptions = (html: string, extension: string): ParserOptions => ({ recognizeSelfClosing: isXhtml(html, extension), recognizeCDATA: isXhtml(html, extension) })
