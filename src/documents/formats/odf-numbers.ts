import { numberAs } from './list-numbers.ts'
import { attribute, type Attributes } from './xml.ts'

interface Level {
  readonly format: string
  readonly prefix: string
  readonly suffix: string
  readonly start: number
  /** So many levels, with this one, are written: `2.1`. */
  readonly shown: number
}

interface List {
  readonly style: string
  readonly counts: (number | undefined)[]
}

/** The style by which headings are numbered, which has no name. */
const ofHeadings = ''
const formats: Readonly<Record<string, string>> = { a: 'lowerLetter', A: 'upperLetter', i: 'lowerRoman', I: 'upperRoman' }
const mostLevels = 10

/** The numbers that LibreOffice writes before entries of lists and headings: they stand nowhere in the text. */
export class OdfNumbers {
  readonly #styles = new Map<string, Map<number, Level>>()
  #style = new Map<number, Level>()
  readonly #lists: List[] = []
  /** By style, what the last list of it has come to: another one may go on. */
  readonly #last = new Map<string, (number | undefined)[]>()
  readonly #headings: (number | undefined)[] = []
  #number = ''

  open(name: string, attributes: Attributes): void {
    if (name === 'list-style' || name === 'outline-style') this.#styles.set(name === 'outline-style' ? ofHeadings : (attribute(attributes, 'name') ?? ''), (this.#style = new Map<number, Level>()))
    else if (name === 'list-level-style-number' || name === 'outline-level-style') {
      const given = (key: string): string => attribute(attributes, key) ?? ''
      this.#style.set(Number(given('level')), { format: given('num-format'), prefix: given('num-prefix'), suffix: given('num-suffix'), start: Number(given('start-value') || 1), shown: Number(given('display-levels') || 1) })
    } else if (name === 'list') this.#begin(attributes)
    else if (name === 'list-item') {
      const list = this.#lists.at(-1)
      if (list !== undefined) this.#number = this.#next(list, this.#lists.length, wholeNumber(attributes))
    } else if (name === 'h' && this.#lists.length === 0 && attribute(attributes, 'is-list-header') !== 'true') {
      this.#number = this.#next({ style: ofHeadings, counts: this.#headings }, Number(attribute(attributes, 'outline-level') ?? 1), undefined)
    }
  }

  close(name: string): void {
    if (name === 'list') this.#lists.pop()
    if (name === 'list' || name === 'list-item' || name === 'h') this.#number = ''
  }

  /** Whether a number stands before the words that come. */
  get isDue(): boolean {
    return this.#number !== ''
  }

  /** What stands before the first words of an entry; empty before all others. */
  before(words: string): string {
    if (this.#number === '' || words.trim() === '') return ''
    const number = this.#number
    this.#number = ''
    return `${number} `
  }

  #begin(attributes: Attributes): void {
    const outer = this.#lists.at(-1)
    const style = attribute(attributes, 'style-name') ?? outer?.style ?? ''
    const goesOn = attribute(attributes, 'continue-numbering') === 'true' || attribute(attributes, 'continue-list') !== undefined
    const counts = outer?.counts ?? (goesOn ? this.#last.get(style) : undefined) ?? []
    this.#last.set(style, counts)
    this.#lists.push({ style, counts })
    // A list within an entry begins to count.
    if (outer !== undefined) counts.length = Math.min(counts.length, this.#lists.length)
  }

  #next({ style, counts }: List, level: number, given: number | undefined): string {
    if (!(level >= 1 && level <= mostLevels)) return ''
    const levels = this.#styles.get(style)
    const own = levels?.get(level)
    const before = counts[level]
    counts[level] = given ?? (before === undefined ? (own?.start ?? 1) : before + 1)
    counts.length = level + 1
    if (own === undefined || own.format === '') return ''
    const numbers: string[] = []
    for (let at = Math.max(1, level - own.shown + 1); at <= level; at += 1) {
      const { format = '', start = 1 } = levels?.get(at) ?? {}
      if (format !== '') numbers.push(numberAs(counts[at] ?? start, formats[format] ?? 'decimal'))
    }
    return `${own.prefix}${numbers.join('.')}${own.suffix}`.trim()
  }
}

function wholeNumber(attributes: Attributes): number | undefined {
  const given = attribute(attributes, 'start-value') ?? ''
  return /^\d{1,6}$/.test(given) ? Number(given) : undefined
}
