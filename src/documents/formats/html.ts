import { Parser } from 'htmlparser2'
import { Headings, type Part } from '../part.ts'

/** Elements whose content nobody reads. */
const silent = new Set(['script', 'style', 'noscript', 'template', 'svg', 'head', 'iframe', 'object'])
/** Elements that part their text from what stands beside them. */
const blocks = new Set([
  'address', 'article', 'aside', 'blockquote', 'body', 'br', 'caption', 'dd', 'details', 'div', 'dl', 'dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form',
  'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'li', 'main', 'nav', 'ol', 'p', 'pre', 'section', 'summary', 'table', 'tbody', 'thead', 'tr', 'ul',
])

/** The text that a reader of the page sees, a paragraph a part, under its headings. Lines are those of this text. */
export function htmlParts(html: string): Part[] {
  const headings = new Headings()
  const parts: Part[] = []
  let text = ''
  let line = 1
  let silence = 0
  let verbatim = 0
  let title: number | undefined

  const close = (): void => {
    const paragraph = verbatim > 0 ? text.replace(/^\n|\s+$/g, '') : text.replaceAll(/\s+/g, ' ').trim()
    text = ''
    if (paragraph.trim() === '') return
    if (title !== undefined) headings.enter(title, paragraph)
    const heading = headings.path
    parts.push({ text: paragraph, firstLine: line, ...(heading !== undefined && { heading }) })
    line += paragraph.split('\n').length
  }
  const parser = new Parser({
    onopentag: (name) => {
      if (silent.has(name)) silence += 1
      if (blocks.has(name)) close()
      if (name === 'pre') verbatim += 1
      if (name === 'td' || name === 'th') text += text.trim() === '' ? '' : ' | '
      const level = /^h([1-6])$/.exec(name)?.[1]
      if (level !== undefined) title = Number(level)
    },
    ontext: (words) => {
      if (silence === 0) text += words
    },
    onclosetag: (name) => {
      if (blocks.has(name)) close()
      if (name === 'pre') verbatim -= 1
      if (/^h[1-6]$/.test(name)) title = undefined
      if (silent.has(name)) silence -= 1
    },
  })
  parser.end(html)
  close()
  return parts
}
