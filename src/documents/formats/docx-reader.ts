import type { Blocks } from '../blocks.ts'
import type { DocxNumbers, Listed } from './docx-numbers.ts'
import { officeFormulas } from './formulas.ts'
import { isSymbolFont, meaningOf, meantBy } from './symbol-fonts.ts'
import { TwoForms } from './two-forms.ts'
import { shownBy } from './word-fields.ts'
import { attribute, type Attributes, type XmlReader } from './xml.ts'

export interface DocxContext {
  readonly levels: ReadonlyMap<string, number>
  readonly notes: Readonly<Record<'footnote' | 'endnote' | 'comment', ReadonlyMap<string, string>>>
  /** Counts the paragraphs of lists. */
  readonly numbers: DocxNumbers
  /** The paragraphs of a document of another format that stands within this one, by the id by which it is referred to. */
  readonly chunk: (attributes: Attributes) => readonly string[]
}

/** What stands there twice: a drawing's older form beside the newer one, text that was moved, at its old place, and how text looked before it was changed. */
const doubled = new Set(['moveFrom', 'del', 'pPrChange', 'rPrChange'])

/** Half points above the line. What is raised by less is set right, and is read with what stands beside it. */
const leastRaised = 4

/** Word has no more. */
const mostColumns = 63

/** Tells blocks what WordprocessingML says. */
export function docxReader(blocks: Blocks, { levels, notes, numbers, chunk }: DocxContext): XmlReader {
  let skipped = 0
  const forms = new TwoForms()
  let inText = 0
  /** Of the run, where its letters are signs. */
  let signs: string | undefined
  let raised = false
  /** Of the paragraph, what it says of lists. */
  let listed: Listed = {}
  let number = ''
  /** Fields that are open, and what each is told to do. */
  const fields: { instruction: string; hasResult: boolean }[] = []
  let inInstruction = false
  let columns = 1
  let isTitle = false
  /** Paragraphs that text boxes interrupt. */
  const interrupted: { readonly text: string; readonly isTitle: boolean; readonly number: string }[] = []
  let list: { chosen: number; readonly entries: string[] } | undefined

  const note = (kind: keyof typeof notes, attributes: Attributes): void => {
    const text = notes[kind].get(attribute(attributes, 'id') ?? '')?.trim()
    if (text) blocks.words(` [${text}] `)
  }
  const opened: Readonly<Record<string, (attributes: Attributes) => void>> = {
    fldChar: (attributes) => {
      const type = attribute(attributes, 'fldCharType')
      const field = fields.at(-1)
      if (type === 'begin') fields.push({ instruction: '', hasResult: false })
      else if (type === 'separate' && field !== undefined) field.hasResult = true
      else if (type === 'end' && fields.pop()?.hasResult === false) say(shownBy(field?.instruction ?? ''))
    },
    instrText: () => (inInstruction = true),
    // Its first text may be within a fraction.
    oMath: () => sayNumber(),
    tab: () => blocks.words(' '),
    ptab: () => blocks.words(' '),
    br: () => blocks.words(' '),
    cr: () => blocks.words(' '),
    noBreakHyphen: () => blocks.words('-'),
    sym: (attributes) => blocks.words(meantBy(attribute(attributes, 'font') ?? '', Number.parseInt(attribute(attributes, 'char') ?? '', 16)) ?? ' [symbol] '),
    r: () => {
      signs = undefined
      raised = false
    },
    vertAlign: (attributes) => (raised = attribute(attributes, 'val') === 'superscript'),
    position: (attributes) => (raised ||= Number(attribute(attributes, 'val') ?? 0) >= leastRaised),
    rFonts: (attributes) => {
      const font = attribute(attributes, 'ascii') ?? ''
      signs = isSymbolFont(font) ? font : undefined
    },
    ruby: () => blocks.ruby(true),
    rt: () => blocks.reading(true),
    footnoteReference: (attributes) => note('footnote', attributes),
    endnoteReference: (attributes) => note('endnote', attributes),
    commentReference: (attributes) => note('comment', attributes),
    pPr: () => (listed = {}),
    // The first letter of the paragraph that follows, set large.
    framePr: (attributes) => (isDropCap = ['drop', 'margin'].includes(attribute(attributes, 'dropCap') ?? '')),
    pStyle: (attributes) => {
      listed.style = attribute(attributes, 'val')
      enterTitle(levels.get(listed.style ?? ''))
    },
    numId: (attributes) => (listed.list = attribute(attributes, 'val')),
    ilvl: (attributes) => (listed.level = Number(attribute(attributes, 'val') ?? 0)),
    altChunk: (attributes) => {
      for (const paragraph of chunk(attributes)) {
        blocks.words(paragraph)
        blocks.end()
      }
    },
    outlineLvl: (attributes) => {
      const level = Number(attribute(attributes, 'val'))
      if (level < 9) enterTitle(level + 1)
    },
    txbxContent: () => {
      interrupted.push({ text: blocks.interrupt(), isTitle, number })
      isTitle = false
      number = ''
    },
    docPr: (attributes) => {
      const description = attribute(attributes, 'descr')?.trim()
      if (description) blocks.words(` [${description}] `)
      forms.say(description ?? '')
    },
    ddList: () => (list = { chosen: 0, entries: [] }),
    result: (attributes) => list && (list.chosen = Number(attribute(attributes, 'val') ?? 0)),
    listEntry: (attributes) => list?.entries.push(attribute(attributes, 'val') ?? ''),
    checkBox: () => blocks.words(' ☐ '),
    checked: (attributes) => {
      // Newer check boxes have their sign as text.
      if (inCheckBox && !['0', 'false'].includes(attribute(attributes, 'val') ?? '1')) blocks.words(' ☒ ')
    },
    tbl: () => blocks.table(),
    tr: () => blocks.row(),
    // Columns that a row leaves out at its beginning.
    gridBefore: (attributes) => {
      for (let left = Math.min(mostColumns, Number(attribute(attributes, 'val') ?? 1)); left > 0; left -= 1) blocks.endCell()
    },
    // Letters that are drawn along a line, as those across a page.
    textpath: (attributes) => blocks.words(` ${attribute(attributes, 'string') ?? ''} `),
    tc: () => {
      columns = 1
      blocks.cell()
    },
    gridSpan: (attributes) => blocks.reaches((columns = Number(attribute(attributes, 'val') ?? 1)), 1),
    vMerge: (attributes) => blocks.reaches(columns, attribute(attributes, 'val') === 'restart' ? Infinity : 0),
  }
  const sayNumber = (): void => {
    if (number !== '') blocks.words(`${number} `)
    number = ''
  }
  const say = (text: string): void => {
    // Of a paragraph without words nobody speaks by its number.
    if (text.trim() !== '') sayNumber()
    forms.say(text)
    blocks.words(text)
  }
  const enterTitle = (level: number | undefined): void => {
    if (level === undefined || isTitle) return
    isTitle = true
    blocks.title(level)
  }
  let inCheckBox = false
  let isDropCap = false
  const formulas = officeFormulas(blocks)
  const isLeftOut = (name: string): boolean => doubled.has(name) || name === 'Fallback'

  return {
    open: (name, attributes) => {
      if (skipped > 0 ? isLeftOut(name) : doubled.has(name) || forms.isSaid(name)) skipped += 1
      if (skipped > 0) return
      forms.open(name, attributes)
      if (name === 't') {
        inText += 1
        if (raised) blocks.raised(true)
      }
      if (name === 'checkBox') inCheckBox = true
      if (Object.hasOwn(opened, name)) opened[name]?.(attributes)
      formulas.open(name, attributes)
    },
    text: (text) => {
      if (skipped > 0) return
      const field = fields.at(-1)
      if (inInstruction && field !== undefined) field.instruction += text
      if (inText === 0) return
      say(signs === undefined ? text : meaningOf(signs, text))
    },
    close: (name) => {
      if (skipped > 0) {
        if (isLeftOut(name)) skipped -= 1
        return
      }
      forms.close(name)
      formulas.close(name)
      if (name === 't') {
        inText -= 1
        if (raised) blocks.raised(false)
      } else if (name === 'pPr') number = numbers.next(listed)
      else if (name === 'p') {
        number = ''
        if (isTitle) blocks.endTitle()
        else if (!isDropCap) blocks.end()
        isTitle = isDropCap = false
      } else if (name === 'tc') blocks.endCell()
      else if (name === 'tr') blocks.endRow()
      else if (name === 'instrText') inInstruction = false
      else if (name === 'checkBox') inCheckBox = false
      else if (name === 'ruby') blocks.ruby(false)
      else if (name === 'rt') blocks.reading(false)
      else if (name === 'ddList') {
        blocks.words(` ${list?.entries[list.chosen] ?? ''} `)
        list = undefined
      } else if (name === 'txbxContent') {
        blocks.end()
        const { text = '', isTitle: wasTitle = false, number: before = '' } = interrupted.pop() ?? {}
        isTitle = wasTitle
        number = before
        blocks.words(text)
      }
    },
  }
}
