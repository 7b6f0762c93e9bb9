import { Blocks } from '../blocks.ts'
import type { Found } from '../found.ts'
import type { Part } from '../part.ts'
import { DocumentProblem } from '../problem.ts'
import { Zip } from '../zip.ts'
import { fieldText } from './odf-forms.ts'
import { OdfNumbers } from './odf-numbers.ts'
import { attribute, readSmallXml, xmlParts, type Attributes } from './xml.ts'

/** A sheet says "and a thousand times the same"; of cells with text this many are written out. */
const mostRepeated = 64

/** Texts, sheets and slides of LibreOffice and others, also where they are one file of XML. @throws Error for what is no such file */
export function* odfParts(bytes: Uint8Array, found: Found): Generator<Part> {
  if (/^(?:\u00ef\u00bb\u00bf)?\s*<(?:\?xml|office:document)/.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'))) {
    yield* bodyParts(bytes, found, { within: 'body' })
    if (found.format === 'odt') yield* marginParts(bytes, found)
    return
  }
  const zip = new Zip(bytes)
  const manifest = zip.read('META-INF/manifest.xml')
  if (manifest !== undefined && new TextDecoder().decode(manifest).includes('encryption-data')) throw new DocumentProblem('document-encrypted', 'is encrypted; save it without a password first')
  const content = zip.read('content.xml')
  if (content === undefined) throw new Error('no content')
  const objects = zip.names.flatMap((name) => {
    const [, object] = /^([^/]+)\/content\.xml$/.exec(name) ?? []
    const xml = object === undefined ? undefined : zip.read(name)
    return object === undefined || xml === undefined ? [] : [{ object, xml, formula: formulaIn(xml) }]
  })
  const styles = zip.read('styles.xml')
  yield* bodyParts(content, found, { formulas: new Map(objects.map(({ object, formula }) => [object, formula])), styles })
  // Charts and tables of other programs that are in this document.
  for (const { xml, formula } of objects) if (formula === undefined) yield* bodyParts(xml, found)
  if (styles !== undefined && found.format === 'odt') yield* marginParts(styles, found)
}

/** Headers and footers, each once. */
function* marginParts(styles: Uint8Array, found: Found): Generator<Part> {
  const seen = new Set<string>()
  for (const { text } of bodyParts(styles, found, { within: 'master-styles' })) {
    if (seen.has(text)) continue
    seen.add(text)
    yield { text }
  }
}

/** A formula as its writer has typed it; undefined for what is none. */
function formulaIn(xml: Uint8Array): string | undefined {
  let [signs, typed] = ['', '']
  let [isFormula, inTyped] = [false, false]
  readSmallXml(xml, {
    open: (name) => {
      if (name === 'math') isFormula = true
      if (name === 'annotation') inTyped = true
    },
    text: (text) => {
      if (inTyped) typed += text
      else signs += text
    },
    close: (name) => {
      if (name === 'annotation') inTyped = false
    },
  })
  return isFormula ? typed || signs : undefined
}

/** Deleted text, the numbers of notes, which have no space before them, and of what is packed in a file of XML the bytes, and by what it was written. */
const silent = new Set(['tracked-changes', 'note-citation', 'binary-data', 'generator'])

/** Elements of styles that say how something is numbered. */
const isNumbering = (name: string): boolean => /^(?:list|outline)-/.test(name)

interface Body {
  /** By the names of the objects that they are. */
  readonly formulas?: ReadonlyMap<string, string | undefined>
  /** Where the document keeps its styles beside those that stand in front of the body. */
  readonly styles?: Uint8Array | undefined
  /** The element outside which nothing is text. */
  readonly within?: string
}

function* bodyParts(xml: Uint8Array, found: Found, { formulas, styles, within }: Body = {}): Generator<Part> {
  const blocks = new Blocks()
  let dropped = 0
  let inside = within === undefined ? 1 : 0
  /** A formula within a file of XML. */
  let formula: { signs: string; typed: string; inTyped: boolean } | undefined
  let repeated = 1
  /** Of the cell, as long as it has no text: some programs write none. */
  let value = ''
  /** So many cells that follow are covered by the last one. */
  let coveredBeside = 0
  let [notes, comments] = [0, 0]
  const interrupted: string[] = []
  /** Styles of what stands above the line, and of the spans that are open, whether they have one of these. */
  const raising = new Set<string>()
  let style = ''
  const spans: boolean[] = []
  const numbers = new OdfNumbers()
  if (styles !== undefined) {
    readSmallXml(styles, {
      open: (name, attributes) => {
        if (isNumbering(name)) numbers.open(name, attributes)
      },
    })
  }
  let forms = 0
  /** Some programs also write the number that is counted here. */
  let inNumber = false
  yield* xmlParts(xml, {
    open: (name, attributes) => {
      if (name === 'style') style = attribute(attributes, 'name') ?? ''
      else if (name === 'text-properties' && /^(?:super|[1-9])/.test(attribute(attributes, 'text-position') ?? '')) raising.add(style)
      if (inside > 0 || isNumbering(name)) numbers.open(name, attributes)
      if (name === 'math') formula = { signs: '', typed: '', inTyped: false }
      if (formula !== undefined) formula.inTyped ||= name === 'annotation'
      else if (name === within) inside += 1
      else if (inside === 0) return
      else if (name === 'number' && numbers.isDue) inNumber = true
      else if (silent.has(name)) dropped += 1
      else if (name === 'forms') forms += 1
      else if (forms > 0) {
        const field = fieldText(name, attributes)
        if (field !== undefined) blocks.words(field)
        blocks.end()
      }
      // When a comment was written is no text of it.
      else if (name === 'date' && comments > 0) dropped += 1
      else if (name === 'span') {
        const isRaised = raising.has(attribute(attributes, 'style-name') ?? '')
        spans.push(isRaised)
        if (isRaised) blocks.raised(true)
      } else if (name === 'ruby') blocks.ruby(true)
      else if (name === 'ruby-text') blocks.reading(true)
      else if (name === 'text-box') interrupted.push(blocks.interrupt())
      else if (name === 'h') blocks.title(Number(attribute(attributes, 'outline-level') ?? 1))
      else if (name === 's') blocks.words(' '.repeat(Math.min(100, Number(attribute(attributes, 'c') ?? 1))))
      else if (name === 'tab' || name === 'line-break') blocks.words(' ')
      else if (name === 'note-body' || name === 'annotation') {
        notes += 1
        if (name === 'annotation') comments += 1
        blocks.words(' [')
      } else if (name === 'object') {
        const named = formulas?.get(attribute(attributes, 'href')?.replace(/^\.\//, '') ?? '')
        if (named !== undefined) blocks.words(`${numbers.before(named)} ${named} `)
      } else if (name === 'table') {
        blocks.table()
        if (attribute(attributes, 'name') !== undefined && found.format === 'ods') blocks.enter(1, attribute(attributes, 'name') ?? '')
      } else if (name === 'page' && found.format === 'odp') found.pages = blocks.page = (blocks.page ?? 0) + 1
      else if (name === 'table-row') {
        blocks.row()
        coveredBeside = 0
      } else if (name === 'table-cell' || name === 'covered-table-cell') {
        repeated = Math.min(mostRepeated, Number(attribute(attributes, 'number-columns-repeated') ?? 1))
        if (name === 'table-cell') {
          value = valueOf(attributes)
          coveredBeside = Number(attribute(attributes, 'number-columns-spanned') ?? 1) - 1
          blocks.cell(repeated, Number(attribute(attributes, 'number-rows-spanned') ?? 1) > 1 ? Infinity : 1)
        } else {
          // Covered by a cell on its left, or by one above.
          for (; repeated > 1; repeated -= 1) {
            blocks.cell(1, coveredBeside > 0 ? 1 : 0)
            blocks.endCell()
            coveredBeside -= 1
          }
          blocks.cell(1, coveredBeside > 0 ? 1 : 0)
          coveredBeside -= 1
        }
      } else if (name === 'list') blocks.list()
    },
    text: (text) => {
      if (formula !== undefined) formula[formula.inTyped ? 'typed' : 'signs'] += text
      else if (dropped === 0 && inside > 0 && !inNumber) {
        // A comment on it is none of its text.
        if (text.trim() !== '' && comments === 0) value = ''
        blocks.words(numbers.before(text) + text)
      }
    },
    close: (name) => {
      numbers.close(name)
      inNumber &&= name !== 'number'
      if (formula !== undefined) {
        formula.inTyped &&= name !== 'annotation'
        if (name !== 'math') return
        const typed = formula.typed || formula.signs
        if (dropped === 0 && inside > 0) blocks.words(`${numbers.before(typed)} ${typed} `)
        formula = undefined
      } else if (name === within) inside -= 1
      else if (inside === 0) return
      else if (name === 'forms') forms -= 1
      else if (silent.has(name) || (name === 'date' && comments > 0)) dropped -= 1
      else if (name === 'span') {
        if (spans.pop() === true) blocks.raised(false)
      } else if (name === 'creator' && comments > 0) blocks.words(': ')
      else if (name === 'ruby') blocks.ruby(false)
      else if (name === 'ruby-text') blocks.reading(false)
      else if (name === 'text-box') {
        blocks.end()
        blocks.words(interrupted.pop() ?? '')
      } else if (name === 'h') blocks.endTitle()
      else if (name === 'note-body' || name === 'annotation') {
        notes -= 1
        if (name === 'annotation') comments -= 1
        blocks.words('] ')
      } else if (name === 'p') {
        if (notes > 0) blocks.words(' ')
        else blocks.end()
      } else if (name === 'table-cell' || name === 'covered-table-cell') {
        if (value !== '') blocks.words(value)
        value = ''
        blocks.endCell(repeated)
      } else if (name === 'table-row') blocks.endRow()
      else if (name === 'desc' || name === 'title') blocks.end()
    },
  }, blocks)
}

/** What a cell holds, where no text says it; a formula that no program has computed yet stands for its value. */
function valueOf(attributes: Attributes): string {
  const [written] = ['string-value', 'date-value', 'time-value', 'boolean-value', 'value'].map((name) => attribute(attributes, name)).filter((one) => one !== undefined)
  return written ?? attribute(attributes, 'formula')?.replace(/^\w+:(?==)/, '') ?? ''
}
