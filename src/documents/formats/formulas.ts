import type { Blocks } from '../blocks.ts'
import { attribute, type Attributes } from './xml.ts'

/** Told of the elements of formulas, says what their places mean: `1/2`, `10^6`, `x_1`, `√(a+b)`. Without that a half is twelve. */
export interface Formulas {
  readonly open: (name: string, attributes: Attributes) => void
  readonly close: (name: string) => void
}

/** What is said around an element's text. */
interface Said {
  readonly before: string
  readonly after: string
  /** It is put into brackets where it is more than one sign or number. */
  readonly bracketed: boolean
}

const plain: Said = { before: '', after: '', bracketed: false }
const part = (before: string): Said => ({ before, after: '', bracketed: true })
const within = (before: string, after: string): Said => ({ before, after, bracketed: false })

/** The text of elements that are open, as long as it is not known to be whole. */
class Pieces {
  readonly #open: { readonly text: string; said: Said }[] = []
  readonly #blocks: Blocks

  constructor(blocks: Blocks) {
    this.#blocks = blocks
  }

  open(said: Said): void {
    this.#open.push({ text: this.#blocks.interrupt(), said })
  }

  /** How the element that is open is said, learned within it. */
  say(said: Said): void {
    const last = this.#open.at(-1)
    if (last !== undefined) last.said = said
  }

  close(): void {
    const { text = '', said = plain } = this.#open.pop() ?? {}
    const own = this.#blocks.interrupt().trim()
    const { before, after, bracketed } = said
    this.#blocks.words(text + (own === '' ? '' : before + (bracketed && !/^(?:[\p{L}\p{M}\p{N}.,]+|.)$/u.test(own) ? `(${own})` : own) + after))
  }
}

/** Of Office: each place has an element of its own. */
const officePlaces: ReadonlyMap<string, Said> = new Map([['num', part('')], ['den', part('/')], ['sup', part('^')], ['sub', part('_')], ['rad', part('√')], ['deg', within('[', ']')], ['nary', plain], ['d', within('(', ')')], ['fName', within('', ' ')]])

export function officeFormulas(blocks: Blocks): Formulas {
  const pieces = new Pieces(blocks)
  let depth = 0
  let [begin, end] = ['(', ')']
  let sum: string | undefined
  let isHidden = false
  return {
    open: (name, attributes) => {
      if (name === 'oMath') depth += 1
      if (depth === 0) return
      const said = officePlaces.get(name)
      if (said !== undefined) pieces.open(said)
      if (name === 'dPr') [begin, end] = ['(', ')']
      else if (name === 'begChr') begin = attribute(attributes, 'val') ?? ''
      else if (name === 'endChr') end = attribute(attributes, 'val') ?? ''
      else if (name === 'naryPr') sum = '∫'
      else if (name === 'chr' && sum !== undefined) sum = attribute(attributes, 'val') ?? ''
      else if (name === 'degHide') isHidden = attribute(attributes, 'val') !== '0'
    },
    close: (name) => {
      if (name === 'oMath') depth = Math.max(0, depth - 1)
      if (depth === 0 && name !== 'oMath') return
      if (name === 'dPr') pieces.say(within(begin, end))
      else if (name === 'naryPr') {
        blocks.words(sum ?? '')
        sum = undefined
      } else if (name === 'deg' && isHidden) {
        pieces.say(plain)
        isHidden = false
      }
      if (officePlaces.has(name)) pieces.close()
    },
  }
}

/** Of the web: places are told by which child it is. */
const webPlaces: Readonly<Record<string, readonly Said[]>> = {
  mfrac: [part(''), part('/')], msup: [plain, part('^')], msub: [plain, part('_')], msubsup: [plain, part('_'), part('^')], munder: [plain, part('_')], munderover: [plain, part('_'), part('^')], mroot: [part('√'), within('[', ']')],
}

export function webFormulas(blocks: Blocks): Formulas {
  const pieces = new Pieces(blocks)
  const open: { readonly name: string; children: number; readonly isPlace: boolean }[] = []
  return {
    open: (name, attributes) => {
      if (open.length === 0 && name !== 'math') return
      const parent = open.at(-1)
      const place = webPlaces[parent?.name ?? '']?.[parent?.children ?? 0] ?? (name === 'msqrt' ? part('√') : name === 'mfenced' ? within(attributes['open'] ?? '(', attributes['close'] ?? ')') : undefined)
      if (parent !== undefined) parent.children += 1
      open.push({ name, children: 0, isPlace: place !== undefined })
      if (place !== undefined) pieces.open(place)
    },
    close: (name) => {
      const at = open.findLastIndex((one) => one.name === name)
      if (at < 0) return
      for (const { isPlace } of open.splice(at).toReversed()) if (isPlace) pieces.close()
    },
  }
}
