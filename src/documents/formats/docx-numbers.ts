import { numberAs } from './list-numbers.ts'
import { attribute, readSmallXml } from './xml.ts'

/** What a paragraph says of the list that it is of. */
export interface Listed {
  style?: string | undefined
  list?: string | undefined
  level?: number
}

interface Level {
  start: number
  format: string
  /** `%1.%2`: the numbers of which levels, and what stands between them. */
  text: string
}

interface List {
  /** What it counts with: lists of one kind go on counting where another of them has stopped. */
  kind: string
  /** Of levels at which it begins to count anew. */
  readonly starts: Map<number, number>
}

const deepest = 9

/** The numbers that Word writes before paragraphs and headings: `4.2`, `(b)`. They stand nowhere in the text, and others refer to them. */
export class DocxNumbers {
  readonly #kinds = new Map<string, Map<number, Level>>()
  readonly #lists = new Map<string, List>()
  readonly #ofStyles: ReadonlyMap<string, Listed>
  readonly #counts = new Map<string, number[]>()
  readonly #begun = new Set<string>()

  constructor(numbering: Uint8Array | undefined, styles: Uint8Array | undefined) {
    this.#ofStyles = numbering === undefined ? new Map() : listsOfStyles(styles)
    if (numbering !== undefined) this.#read(numbering)
  }

  /** The number of a paragraph that begins; empty for one that has none. */
  next({ style, list, level }: Listed): string {
    const ofStyle = this.#ofStyles.get(style ?? '')
    const id = list ?? ofStyle?.list
    const { kind, starts } = this.#lists.get(id ?? '') ?? {}
    const levels = kind === undefined ? undefined : this.#kinds.get(kind)
    if (id === undefined || kind === undefined || levels === undefined) return ''
    const depth = Math.min(deepest - 1, level ?? ofStyle?.level ?? 0)
    const counts = this.#counts.get(kind) ?? []
    this.#counts.set(kind, counts)
    const anew = this.#begun.has(`${id} ${depth}`) ? undefined : starts?.get(depth)
    this.#begun.add(`${id} ${depth}`)
    counts[depth] = anew ?? (counts[depth] === undefined ? (levels.get(depth)?.start ?? 1) : (counts[depth] ?? 0) + 1)
    counts.length = depth + 1
    const { text = '', format } = levels.get(depth) ?? {}
    if (format === 'bullet' || format === 'none') return ''
    return text.replaceAll(/%([1-9])/g, (_, digit: string) => {
      const at = Number(digit) - 1
      const { start = 1, format: written = 'decimal' } = levels.get(at) ?? {}
      return numberAs(counts[at] ?? start, written)
    }).trim()
  }

  #read(numbering: Uint8Array): void {
    let kind: Map<number, Level> | undefined
    let level: Level | undefined
    let list: List | undefined
    let overridden = 0
    readSmallXml(numbering, {
      open: (name, attributes) => {
        const value = attribute(attributes, 'val') ?? ''
        if (name === 'abstractNum') this.#kinds.set(attribute(attributes, 'abstractNumId') ?? '', (kind = new Map<number, Level>()))
        else if (name === 'num') {
          kind = undefined
          this.#lists.set(attribute(attributes, 'numId') ?? '', (list = { kind: '', starts: new Map<number, number>() }))
        } else if (name === 'abstractNumId' && list !== undefined) list.kind = value
        else if (name === 'lvlOverride') overridden = Number(attribute(attributes, 'ilvl') ?? 0)
        else if (name === 'startOverride') list?.starts.set(overridden, Number(value))
        else if (name === 'lvl') kind?.set(Number(attribute(attributes, 'ilvl') ?? 0), (level = { start: 1, format: 'decimal', text: '' }))
        else if (level !== undefined && name === 'start') level.start = Number(value)
        else if (level !== undefined && name === 'numFmt') level.format = value
        else if (level !== undefined && name === 'lvlText') level.text = value
      },
      close: (name) => {
        if (name === 'lvl') level = undefined
      },
    })
  }
}

/** By style: headings are numbered so. A style has what it is based on says. */
function listsOfStyles(xml: Uint8Array | undefined): ReadonlyMap<string, Listed> {
  const styles = new Map<string, Listed>()
  const bases = new Map<string, string>()
  let id = ''
  if (xml === undefined) return styles
  readSmallXml(xml, {
    open: (name, attributes) => {
      const value = attribute(attributes, 'val') ?? ''
      if (name === 'style') id = attribute(attributes, 'styleId') ?? ''
      else if (name === 'basedOn') bases.set(id, value)
      else if (name === 'numId') styles.set(id, { ...styles.get(id), list: value })
      else if (name === 'ilvl') styles.set(id, { ...styles.get(id), level: Number(value) })
    },
  })
  for (const style of bases.keys()) {
    const seen = new Set<string>()
    for (let at: string | undefined = style; at !== undefined && !seen.has(at); at = bases.get(at)) {
      seen.add(at)
      styles.set(style, { ...styles.get(at), ...styles.get(style) })
    }
  }
  return styles
}
