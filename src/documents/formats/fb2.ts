import { Blocks } from '../blocks.ts'
import type { Part } from '../part.ts'
import { attribute, xmlParts } from './xml.ts'

/** Elements that no reader of the book sees: its pictures, which stand in it as letters, and by which program it was made. */
const silent = new Set(['binary', 'document-info', 'publish-info', 'custom-info', 'stylesheet', 'genre', 'lang', 'src-lang', 'id', 'version'])
/** Elements that part their text from what stands beside them. */
const apart = new Set(['p', 'v', 'subtitle', 'stanza', 'text-author', 'book-title', 'author', 'translator', 'keywords', 'epigraph', 'cite', 'poem', 'date'])

/** A book in the form of FictionBook: one file of XML, with its notes at the end. */
export function* fb2Parts(bytes: Uint8Array): Generator<Part> {
  const blocks = new Blocks()
  let [dropped, sections, titles, descriptions] = [0, 0, 0, 0]
  // A poem's date is text; in the description it is when the book was written or made.
  const isSilent = (name: string): boolean => silent.has(name) || (name === 'date' && descriptions > 0)
  yield* xmlParts(bytes, {
    open: (name, attributes) => {
      if (name === 'description') descriptions += 1
      if (isSilent(name)) dropped += 1
      if (dropped > 0) return
      if (name === 'section' || name === 'body') sections += 1
      else if (name === 'title') {
        titles += 1
        blocks.title(Math.max(1, sections))
      } else if (name === 'table') blocks.table()
      else if (name === 'tr') blocks.row()
      else if (name === 'td' || name === 'th') blocks.cell(Number(attribute(attributes, 'colspan') ?? 1), Number(attribute(attributes, 'rowspan') ?? 1))
      else if (name === 'sup') blocks.raised(true)
      else if (name === 'image') {
        const told = attribute(attributes, 'alt')?.trim()
        if (told) blocks.words(` [${told}] `)
      } else if (apart.has(name) && titles === 0) blocks.end()
    },
    text: (text) => {
      if (dropped === 0) blocks.words(text)
    },
    close: (name) => {
      if (name === 'description') descriptions -= 1
      if (isSilent(name)) dropped -= 1
      else if (dropped > 0) return
      else if (name === 'section' || name === 'body') sections -= 1
      else if (name === 'title') {
        titles -= 1
        blocks.endTitle()
      } else if (name === 'td' || name === 'th') blocks.endCell()
      else if (name === 'tr') blocks.endRow()
      else if (name === 'sup') blocks.raised(false)
      // A title of two lines is one title, and a name is first name and last name.
      else if (titles > 0 || !apart.has(name)) blocks.words(/^(?:p|v|first-name|middle-name|last-name|nickname|empty-line)$/.test(name) ? ' ' : '')
      else blocks.end()
    },
  }, blocks)
}
