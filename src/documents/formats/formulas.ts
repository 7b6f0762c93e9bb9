import type { Blocks } from '../blocks.ts'
import { attribute, type Attributes } from './xml.ts'

/**
 * Told of the elements of formulas, says what their places mean: `1/2`, `10^6`, `x_1`, `√(a+b)`, `[1, 2; 3, 4]`. Without that a half is twelve, and
 * the parts of a row are one number.
 */
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
  /** It stands before what else its parent has said, though its element comes later. */
  readonly first: boolean
}

const plain: Said = { before: '', after: '', bracketed: false, first: false }
const part = (before: string): Said => ({ ...plain, before, bracketed: true })
const within = (before: string, after: string): Said => ({ ...plain, before, after })
/** What stands over another without a bar, as the numbers of a binomial do. */
const stack = within('(', ')')
const lower = within(' over ', '')
/** Numbers before a sign would be read as those of the sign before it. */
const apart = within(' ', '')

/** Parts that stand beside or under one another: those of a row, rows, alternatives, formulas of a paragraph. */
interface Row {
  /** What is said between two of them; the last one between all that follow. */
  separators: readonly string[]
  /** A part without text has its place too: that of a matrix. */
  readonly keepsEmpty: boolean
  /** A sign of the text that says only where lines are aligned. */
  readonly mark?: string
  /** How many have been said. */
  parts: number
}

const cells = (separators: readonly string[] = [', ']): Row => ({ separators, keepsEmpty: true, parts: 0 })
const lines = (mark?: string): Row => ({ separators: ['; '], keepsEmpty: false, parts: 0, ...(mark !== undefined && { mark }) })
const separator = (sign: string): string => (sign === ',' || sign === ';' ? `${sign} ` : sign)

/** Lines of equations are tables too, whose columns begin with the sign of the relation. */
const relation = /^[=<>≤≥≠≈≡∼≃≅∝∈⊂⊆→⇒⇔≔:]/

function betweenOf(row: Row, own: string): string {
  if (own === '' && !row.keepsEmpty) return ''
  const between = row.parts === 0 ? '' : (row.separators[row.parts - 1] ?? row.separators.at(-1) ?? '')
  row.parts += 1
  return between === ', ' && relation.test(own) ? ' ' : between
}

/** Characters up to which a text is looked at for its brackets and blanks: else thousands of elements within one another would each read all of it. */
const mostLookedAt = 1_000

/** The text of elements that are open, as long as it is not known to be whole. */
class Pieces {
  readonly #open: { readonly text: string; said: Said; readonly row: Row | undefined }[] = []
  readonly #blocks: Blocks

  constructor(blocks: Blocks) {
    this.#blocks = blocks
  }

  /** @param row of which it is a part */
  open(said: Said, row?: Row): void {
    this.#open.push({ text: this.#blocks.interrupt(), said, row })
  }

  /** How the element that is open is said, learned within it. */
  say(said: Said): void {
    const last = this.#open.at(-1)
    if (last !== undefined) last.said = said
  }

  /** @param isShown whether a person sees it */
  close(isShown = true): void {
    const { text = '', said = plain, row } = this.#open.pop() ?? {}
    const given = this.#blocks.interrupt()
    const isLong = given.length > mostLookedAt
    const own = isLong || (said === plain && row === undefined) ? given : (row?.mark === undefined ? given : given.replaceAll(row.mark, '')).trim()
    const between = row === undefined ? '' : betweenOf(row, own)
    const whole = own === '' || !isShown ? '' : said.before + (said.bracketed && (isLong || !oneSign.test(own)) ? `(${own})` : own) + said.after
    const once = isLong ? whole : whole.replaceAll(twiceInBrackets, '($1)')
    const ahead = between === '' || text.length > mostLookedAt ? text : text.trimEnd()
    this.#blocks.words(said.first ? once + text : ahead + between + once)
  }
}

const oneSign = /^(?:[\p{L}\p{M}\p{N}.,]+|.)$/u
const twiceInBrackets = /\(\(([^()]* over [^()]*)\)\)/g

/** Of Office: each place has an element of its own. */
const officePlaces: ReadonlyMap<string, Said> = new Map([
  ['f', plain], ['num', part('')], ['den', part('/')], ['sup', part('^')], ['sub', part('_')], ['rad', within('√', '')], ['deg', within('[', ']')], ['e', plain], ['nary', plain], ['d', within('(', ')')],
  ['fName', within('', ' ')], ['limLow', plain], ['limUpp', plain], ['lim', part('_')], ['sPre', apart], ['m', plain], ['mr', plain], ['eqArr', plain], ['oMath', plain], ['oMathPara', plain],
])

/** An element of Office's formulas, and what its properties have said of it. */
interface OfficeElement {
  readonly name: string
  /** Of its parts, where they are those of a row. */
  readonly row: Row | undefined
  begin: string
  end: string
  /** The sign of a sum. */
  sign: string
  /** A fraction without a bar. */
  isStack: boolean
  /** A root whose degree nobody sees. */
  hidesDegree: boolean
}

const officeRows: Readonly<Record<string, () => Row>> = { d: () => cells(['|']), mr: () => cells(), m: () => lines(), eqArr: () => lines('&'), oMathPara: () => lines() }
/** Of the rows above; other places in them are no parts of a row. */
const officeParts = new Set(['e', 'mr', 'oMath'])

export function officeFormulas(blocks: Blocks): Formulas {
  const pieces = new Pieces(blocks)
  const open: OfficeElement[] = []
  let depth = 0
  const saidOf = (name: string, parent: OfficeElement | undefined): Said | undefined => {
    if (parent?.isStack === true && (name === 'num' || name === 'den')) return name === 'num' ? plain : lower
    if (name === 'e' && parent?.name === 'rad') return part('')
    if (name === 'lim' && parent?.name === 'limUpp') return part('^')
    return officePlaces.get(name)
  }
  /** What the properties of an element say of it. */
  const learn = (element: OfficeElement, name: string, attributes: Attributes): void => {
    const value = attribute(attributes, 'val')
    if (element.name === 'f' && name === 'type' && value === 'noBar') {
      element.isStack = true
      pieces.say(stack)
    } else if (element.name === 'rad' && name === 'degHide') element.hidesDegree = isOn(value)
    else if (element.name === 'nary' && name === 'chr') element.sign = value ?? ''
    else if (element.name === 'd' && element.row !== undefined) {
      if (name === 'begChr') element.begin = value ?? ''
      else if (name === 'endChr') element.end = value ?? ''
      else if (name === 'sepChr') element.row.separators = [separator(value ?? '')]
      if (name.endsWith('Chr')) pieces.say(within(element.begin, element.end))
    }
  }
  return {
    open: (name, attributes) => {
      if (name === 'oMath') depth += 1
      if (depth === 0 && name !== 'oMathPara') return
      const parent = open.at(-1)
      const said = saidOf(name, parent)
      if (said !== undefined) {
        pieces.open(said, officeParts.has(name) ? parent?.row : undefined)
        open.push({ name, row: officeRows[name]?.(), begin: '(', end: ')', sign: '∫', isStack: false, hidesDegree: false })
      } else if (parent !== undefined) learn(parent, name, attributes)
    },
    close: (name) => {
      if (name === 'naryPr' && open.at(-1)?.name === 'nary') blocks.words(open.at(-1)?.sign ?? '')
      if (open.at(-1)?.name === name) {
        open.pop()
        pieces.close(name !== 'deg' || open.at(-1)?.hidesDegree !== true)
      }
      if (name === 'oMath') depth = Math.max(0, depth - 1)
    },
  }
}

const isOn = (value: string | undefined): boolean => value !== '0' && value !== 'off' && value !== 'false'

/** Of the web: places are told by which child it is. */
const webPlaces: Readonly<Record<string, readonly Said[]>> = {
  mfrac: [part(''), part('/')], msup: [plain, part('^')], msub: [plain, part('_')], msubsup: [plain, part('_'), part('^')], munder: [plain, part('_')], munderover: [plain, part('_'), part('^')],
  mroot: [part(''), { ...within('√[', ']'), first: true }],
}
const stackPlaces: readonly Said[] = [plain, lower]
/** Elements whose own text is said in a way, or is put together before it has its place in that of their parent. */
const webElements: ReadonlyMap<string, Said> = new Map([['math', plain], ['mrow', plain], ['msqrt', part('√')], ['mroot', plain], ['mtable', plain], ['mmultiscripts', plain]])
const webRows: Readonly<Record<string, () => Row>> = { mtable: () => lines(), mtr: () => cells(), mlabeledtr: () => cells() }

interface WebElement {
  readonly name: string
  readonly row: Row | undefined
  readonly isStack: boolean
  /** How many of the pieces that are open are of it. */
  readonly pieces: number
  children: number
  /** Which of its children says that those behind it stand before the base. */
  ofPrescripts: number | undefined
}

function placeIn({ name, isStack, children, ofPrescripts }: WebElement): Said | undefined {
  if (isStack) return stackPlaces[children]
  if (name !== 'mmultiscripts') return webPlaces[name]?.[children]
  if (children === 0) return undefined
  return { ...part((children - (ofPrescripts ?? 0)) % 2 === 1 ? '_' : '^'), first: ofPrescripts !== undefined }
}

export function webFormulas(blocks: Blocks): Formulas {
  const pieces = new Pieces(blocks)
  const open: WebElement[] = []
  return {
    open: (name, attributes) => {
      const parent = open.at(-1)
      if (parent === undefined && name !== 'math') return
      const isStack = name === 'mfrac' && /^\s*0+(?:\.0*)?\s*(?:[a-z%]*)\s*$/i.test(attributes['linethickness'] ?? '')
      const place = parent === undefined ? undefined : placeIn(parent)
      const own = isStack ? stack : name === 'mfenced' ? within(attributes['open'] ?? '(', attributes['close'] ?? ')') : webElements.get(name)
      if (parent !== undefined) {
        if (name === 'mprescripts' && parent.name === 'mmultiscripts') {
          parent.ofPrescripts = parent.children
          pieces.say(apart)
        }
        parent.children += 1
      }
      const row = name === 'mfenced' ? cells(((attributes['separators'] ?? ',').match(/\S/gu) ?? []).map(separator)) : webRows[name]?.()
      if (place !== undefined || parent?.row !== undefined) pieces.open(place ?? plain, parent?.row)
      if (own !== undefined) pieces.open(own)
      open.push({ name, row, isStack, pieces: (place !== undefined || parent?.row !== undefined ? 1 : 0) + (own === undefined ? 0 : 1), children: 0, ofPrescripts: undefined })
    },
    close: (name) => {
      const at = open.findLastIndex((one) => one.name === name)
      if (at < 0) return
      for (const element of open.splice(at).toReversed()) for (let piece = 0; piece < element.pieces; piece += 1) pieces.close()
    },
  }
}
