/*
 * What elements of a page are to whoever reads it, by their names and attributes.
 */

type Attributes = Readonly<Record<string, string>>

/** Elements whose content nobody reads. */
const silent = new Set(['script', 'style', 'noscript', 'template', 'title', 'iframe', 'noembed', 'noframes', 'datalist', 'rp', 'annotation', 'annotation-xml'])
/** Those of them that a parser takes for one text, whatever stands in them, up to their end: where that is missing, it is the rest of the page. */
export const rawTexts = new Set(['iframe', 'noframes', 'title'])
/** What a person sees or is told of a drawing. */
export const labels = new Set(['text', 'title', 'desc', 'foreignobject'])
/** Elements that part their text from what stands beside them. */
export const blocks = new Set([
  'address', 'article', 'aside', 'blockquote', 'body', 'br', 'caption', 'center', 'dd', 'details', 'dialog', 'dir', 'div', 'dl', 'dt', 'fieldset', 'figcaption', 'figure', 'footer',
  'form', 'frameset', 'head', 'header', 'hgroup', 'hr', 'legend', 'li', 'main', 'marquee', 'menu', 'nav', 'ol', 'optgroup', 'option', 'p', 'search', 'section', 'summary', 'table',
  'tbody', 'tfoot', 'thead', 'ul',
])
/** Elements whose text is as it is written. */
export const verbatim = new Set(['listing', 'plaintext', 'pre', 'textarea', 'xmp'])
/** Elements that have room around them within their line, or show something else than the text in them. */
export const apart = new Set(['audio', 'button', 'canvas', 'object', 'select', 'video'])
/** A page defines it itself. */
export const isOwn = (name: string): boolean => name.includes('-')
/** Cells by what their page says. */
export const sections = new Set(['tbody', 'tfoot', 'thead'])
export const cells = new Set(['cell', 'gridcell', 'columnheader', 'rowheader'])
/** What is struck out. */
export const strikes = new Set(['del', 's', 'strike'])
/** Fields whose value a person sees. */
const seenFields = new Set(['', 'text', 'email', 'number', 'search', 'tel', 'url', 'date', 'time', 'month', 'week', 'datetime-local', 'button', 'submit'])

/** What is shown of a component stands in a template too. */
export const isSilent = (name: string, attributes: Attributes): boolean => silent.has(name) && !(name === 'template' && attributes['shadowrootmode'] !== undefined)

/** The number of a note, which books of today do not raise by an element. */
export const isNote = (attributes: Attributes): boolean => /\bnoteref\b/.test(attributes['epub:type'] ?? '') || attributes['role'] === 'doc-noteref' || /(?:^|\s)(?:footnote-?ref|noteref)(?:\s|$)/i.test(attributes['class'] ?? '')

/** How many columns, or rows, a cell takes. */
export const spanOf = (given = ''): number => (/^\s*\d{1,3}\s*$/.test(given) ? Math.max(1, Number(given)) : 1)

export const isReading = (name: string): boolean => name === 'rt' || name === 'rtc'
export const headingLevel = (name: string): number | undefined => (/^h[1-6]$/.test(name) ? Number(name[1]) : undefined)

/** What a field shows. */
export function fieldText({ type = '', value = '', checked }: Attributes): string {
  if (type === 'checkbox' || type === 'radio') return checked === undefined ? ' ☐ ' : ' ☒ '
  return seenFields.has(type.toLowerCase()) && value.trim() !== '' ? ` ${value} ` : ''
}
