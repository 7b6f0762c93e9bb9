import { Blocks } from '../blocks.ts'
import type { Found } from '../found.ts'
import type { Part } from '../part.ts'
import { DocumentProblem } from '../problem.ts'
import { Zip } from '../zip.ts'
import { attribute, xmlParts } from './xml.ts'

/** A sheet says "and a thousand times the same"; of cells with text this many are written out. */
const mostRepeated = 64

/** Texts, sheets and slides of LibreOffice and others. @throws Error for what is no such file */
export function* odfParts(bytes: Uint8Array, found: Found): Generator<Part> {
  const zip = new Zip(bytes)
  const manifest = zip.read('META-INF/manifest.xml')
  if (manifest !== undefined && new TextDecoder().decode(manifest).includes('encryption-data')) throw new DocumentProblem('document-encrypted', 'is encrypted; save it without a password first')
  const content = zip.read('content.xml')
  if (content === undefined) throw new Error('no content')
  const blocks = new Blocks()
  let dropped = 0
  let repeated = 1
  let notes = 0
  yield* xmlParts(content, {
    open: (name, attributes) => {
      if (name === 'tracked-changes') dropped += 1
      else if (name === 'h') blocks.title(Number(attribute(attributes, 'outline-level') ?? 1))
      else if (name === 's') blocks.words(' '.repeat(Math.min(100, Number(attribute(attributes, 'c') ?? 1))))
      else if (name === 'tab' || name === 'line-break') blocks.words(' ')
      else if (name === 'note-body' || name === 'annotation') {
        notes += 1
        blocks.words(' [')
      } else if (name === 'table' && attribute(attributes, 'name') !== undefined && found.format === 'ods') blocks.enter(1, attribute(attributes, 'name') ?? '')
      else if (name === 'page' && found.format === 'odp') found.pages = blocks.page = (blocks.page ?? 0) + 1
      else if (name === 'table-row') blocks.row()
      else if (name === 'table-cell' || name === 'covered-table-cell') {
        repeated = Math.min(mostRepeated, Number(attribute(attributes, 'number-columns-repeated') ?? 1))
        blocks.cell()
      } else if (name === 'list') blocks.list()
    },
    text: (text) => {
      if (dropped === 0) blocks.words(text)
    },
    close: (name) => {
      if (name === 'tracked-changes') dropped -= 1
      else if (name === 'h') blocks.endTitle()
      else if (name === 'note-body' || name === 'annotation') {
        notes -= 1
        blocks.words('] ')
      } else if (name === 'p') {
        if (notes > 0) blocks.words(' ')
        else blocks.end()
      } else if (name === 'table-cell' || name === 'covered-table-cell') blocks.endCell(repeated)
      else if (name === 'table-row') blocks.endRow()
      else if (name === 'desc' || name === 'title') blocks.end()
    },
  }, blocks)
}
