import { Parser } from 'htmlparser2'
import { htmlOptions } from './html-options.ts'
import { numberAs } from './list-numbers.ts'
import { boundNesting } from './nesting.ts'
import { inSlices } from './xml.ts'

type Attributes = Readonly<Record<string, string>>

interface NumberedList {
  next: number
  readonly type: string
  readonly step: number
}

/** The lists of a page, as they begin and end: which number stands before an entry. */
export class HtmlLists {
  /** Undefined: one without numbers. */
  readonly #open: (NumberedList | undefined)[] = []
  readonly #entries: readonly number[]
  #begun = 0

  constructor(html: string, extension: string) {
    this.#entries = /\sreversed\b/i.test(html) ? entriesOfLists(html, extension) : []
  }

  /** Told of every element of the page, also of those that nobody reads. */
  count(name: string): void {
    if (name === 'ol') this.#begun += 1
  }

  /** @param isNumbered whether what stands here shows numbers, where the list itself does */
  begin(name: string, attributes: Attributes, isNumbered: boolean): void {
    if (name === 'ul' || name === 'menu') this.#open.push(undefined)
    if (name !== 'ol') return
    const isReversed = 'reversed' in attributes
    const next = wholeNumber(attributes['start']) ?? (isReversed ? this.#entries[this.#begun - 1] : 1) ?? 1
    this.#open.push(isNumbered && !isUnmarked(attributes) ? { next, type: attributes['type'] ?? styledType(attributes['style']), step: isReversed ? -1 : 1 } : undefined)
  }

  /** What stands before the entry that begins; undefined in a list without numbers. */
  entry(attributes: Attributes): string | undefined {
    const list = this.#open.at(-1)
    if (list === undefined) return undefined
    const number = wholeNumber(attributes['value']) ?? list.next
    list.next = number + list.step
    return `${numberAs(number, listTypes[list.type] ?? 'decimal')}. `
  }

  end(name: string): void {
    if (name === 'ol' || name === 'ul' || name === 'menu') this.#open.pop()
  }
}

/** Of the names that a page has for them. */
const listTypes: Readonly<Record<string, string>> = { a: 'lowerLetter', A: 'upperLetter', i: 'lowerRoman', I: 'upperRoman' }
/** As programs write it that leave it to a style. */
function styledType(style = ''): string {
  const [, capital, letters] = /list-style(?:-type)?\s*:[^;]{0,40}?\b(?:(lower|upper)-(alpha|latin|roman))\b/i.exec(style) ?? []
  if (letters === undefined) return '1'
  const type = letters.toLowerCase() === 'roman' ? 'i' : 'a'
  return capital?.toLowerCase() === 'upper' ? type.toUpperCase() : type
}
const isUnmarked = ({ style = '' }: Attributes): boolean => /list-style(?:-type)?\s*:\s*none/i.test(style)

/** As browsers read it, which ignore what stands behind it. */
const wholeNumber = (text = ''): number | undefined => {
  const number = /^\s*([+-]?\d{1,6})(?!\d)/.exec(text)?.[1]
  return number === undefined ? undefined : Number(number)
}

/** Of each numbered list, in the order in which they begin, how many entries it has: one that counts down begins with that number. */
function entriesOfLists(html: string, extension: string): readonly number[] {
  const entries: number[] = []
  const open: (number | undefined)[] = []
  const parser: Parser = new Parser({
    onopentag: (name) => {
      boundNesting(parser)
      if (name === 'ol') open.push(entries.push(0) - 1)
      else if (name === 'ul' || name === 'menu') open.push(undefined)
      else if (name === 'li') {
        const list = open.at(-1)
        if (list !== undefined) entries[list] = (entries[list] ?? 0) + 1
      }
    },
    onclosetag: (name) => {
      if (name === 'ol' || name === 'ul' || name === 'menu') open.pop()
    },
  }, htmlOptions(html, extension))
  for (const slice of inSlices(html)) parser.write(slice)
  parser.end()
  return entries
}
