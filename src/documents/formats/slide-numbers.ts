import { numberAs } from './list-numbers.ts'
import { attribute, type Attributes } from './xml.ts'

interface Numbering {
  readonly type: string
  readonly start: number
}

/** The numbers that slides write before paragraphs of a list: they stand nowhere in the text. */
export class SlideNumbers {
  /** By level: how the text usually numbers, and what it has come to. */
  #usual: (Numbering | undefined)[] = []
  #counts: ((Numbering & { readonly last: number }) | undefined)[] = []
  #level = 0
  #ofUsual = false
  #own: Numbering | 'none' | undefined
  #isSaid = false

  open(name: string, attributes: Attributes): void {
    const usual = /^lvl(\d)pPr$/.exec(name)?.[1]
    if (name === 'txBody') [this.#usual, this.#counts] = [[], []]
    else if (name === 'p') [this.#level, this.#own, this.#isSaid] = [0, undefined, false]
    else if (usual !== undefined) [this.#level, this.#ofUsual] = [Number(usual) - 1, true]
    else if (name === 'pPr') [this.#level, this.#ofUsual] = [Number(attribute(attributes, 'lvl') ?? 0), false]
    else if (name === 'buAutoNum') {
      const numbering = { type: attribute(attributes, 'type') ?? '', start: Number(attribute(attributes, 'startAt') ?? 1) }
      if (this.#ofUsual) this.#usual[this.#level] = numbering
      else this.#own = numbering
    } else if ((name === 'buNone' || name === 'buChar' || name === 'buBlip') && !this.#ofUsual) this.#own = 'none'
  }

  /** What stands before the first words of a paragraph; empty before all others. */
  before(words: string): string {
    if (this.#isSaid || words.trim() === '') return ''
    this.#isSaid = true
    const numbering = this.#own === 'none' ? undefined : (this.#own ?? this.#usual[this.#level])
    this.#counts.length = Math.min(this.#counts.length, this.#level + 1)
    const counted = this.#counts[this.#level]
    if (numbering === undefined) {
      this.#counts[this.#level] = undefined
      return ''
    }
    // Each paragraph of a list says where that begins: another beginning is that of another list.
    const number = counted?.type === numbering.type && counted.start === numbering.start ? counted.last + 1 : numbering.start
    this.#counts[this.#level] = { ...numbering, last: number }
    return `${written(number, numbering.type)} `
  }
}

/** By its name: `alphaLcParenR` is `a)`. */
function written(number: number, type: string): string {
  const format = /^(?:alpha|roman)[LU]c/.exec(type)?.[0]
  const sign = numberAs(number, { alphaLc: 'lowerLetter', alphaUc: 'upperLetter', romanLc: 'lowerRoman', romanUc: 'upperRoman' }[format ?? ''] ?? 'decimal')
  if (type.endsWith('ParenBoth')) return `(${sign})`
  return type.endsWith('ParenR') ? `${sign})` : type.endsWith('Plain') ? sign : `${sign}.`
}
