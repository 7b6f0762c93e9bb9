import { Blocks } from '../blocks.ts'
import { decodeAs } from '../encodings/decode-as.ts'
import type { Part } from '../part.ts'
import { isSymbolFont, meaningOf } from './symbol-fonts.ts'
import { shownBy } from './word-fields.ts'

/** Groups that hold no text of the document. `*` begins those that a reader may leave out. */
const silent = new Set([
  '*', 'fonttbl', 'colortbl', 'stylesheet', 'info', 'pict', 'objdata', 'themedata', 'datastore', 'listtable', 'listoverridetable', 'rsidtbl', 'generator', 'latentstyles', 'filetbl', 'xmlnstbl', 'fldinst', 'bkmkstart', 'bkmkend', 'shpinst', 'nonshppict', 'nonesttables', 'shprslt', 'rxe',
])
/** Marked as what a reader may leave out, and text all the same. */
const spoken = new Set(['footnote', 'annotation', 'ud'])
const signs: Readonly<Record<string, string>> = {
  tab: ' ', line: ' ', softline: ' ', column: ' ', softcol: ' ', softpage: ' ', qmspace: ' ', emdash: '—', endash: '–', lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', bullet: '•', emspace: ' ', enspace: ' ', '~': ' ', _: '-', '-': '',
}
/** Of fonts, by their `\fcharset`. */
const codePages: Readonly<Record<number, string>> = { 128: 'shift_jis', 129: 'euc-kr', 134: 'gbk', 136: 'big5', 161: 'windows-1253', 162: 'windows-1254', 163: 'windows-1258', 177: 'windows-1255', 178: 'windows-1256', 186: 'windows-1257', 204: 'windows-1251', 222: 'windows-874', 238: 'windows-1250' }

interface Group {
  silent: boolean
  /** Characters after `\u` that stand in for it in old readers. */
  skip: number
  /** The font that it names; else the document's own is in force. */
  font: number | undefined
  /** The table of fonts: its text is their names. */
  fonts: boolean
  /** A note: it stands in brackets. */
  note: boolean
  /** A header or a footer: what stands in it is apart. */
  apart: boolean
  /** Of a drawn shape, whether there is silence around it: what it is stays unsaid, and what is written in it does not. */
  aroundShape: boolean | undefined
  /** What stands in it is there twice; the first is for readers of before. */
  twice: boolean
  /** An entry of an index or of a table of contents: what is not hidden of it is text of the document as well. */
  entry: boolean
  hidden: boolean
  /** Text that was deleted while changes were noted. */
  deleted: boolean
  /** Above the line: the numbers of notes, and powers. */
  raised: boolean
  /** The same by so many points, which is said apart from it. */
  lifted: boolean
  /** The innermost field that it is of: what the field is told to do, and whether something is shown of it. */
  field: { instruction: string; isShown: boolean } | undefined
  /** It is the field, or what this is told to do. */
  ofField: 'whole' | 'instruction' | undefined
}

/** So many tables stand within one another at most. */
const deepest = 9

const margins = /^(?:header|footer)[lrf]?$/

const token = /\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|[^\\{}\r\n]+/g

/** Paragraphs, rows of tables, notes in brackets. */
export function* rtfParts(bytes: Uint8Array): Generator<Part> {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const blocks = new Blocks()
  const stack: Group[] = []
  const encodings = new Map<number, string>()
  const names = new Map<number, string>()
  let group: Group = { silent: false, skip: 1, font: undefined, fonts: false, note: false, apart: false, aroundShape: undefined, twice: false, entry: false, hidden: false, deleted: false, raised: false, lifted: false, field: undefined, ofField: undefined }
  let page = 'windows-1252'
  let usualFont: number | undefined
  /** Of the table of fonts the one that is described. */
  let described = 0
  let toSkip = 0
  let pending: number[] = []
  /** So many rows are open: one in a cell of another. */
  let depth = 0
  let inTable = false
  /** Of the row, how many rows each of its cells takes: several, or none where it goes on from the row above. */
  let [tall, column, next]: [number[], number, number] = [[], 0, 1]
  let starred = false

  const put = (text: string): void => {
    if (group.ofField === 'instruction' && group.field !== undefined) group.field.instruction += text
    if (group.silent || group.deleted || (group.entry && group.hidden)) return
    if (group.field !== undefined && text.trim() !== '') group.field.isShown = true
    const name = nameOf(names.get(group.font ?? usualFont ?? -1))
    blocks.words(isSymbolFont(name) ? meaningOf(name, text) : text)
  }
  const flush = (): void => {
    if (pending.length === 0) return
    const bytes = Uint8Array.from(pending)
    pending = []
    if (group.fonts) names.set(described, (names.get(described) ?? '') + Buffer.from(bytes).toString('latin1'))
    const font = group.font ?? usualFont ?? -1
    // The letters of fonts of signs are of no language.
    put(isSymbolFont(nameOf(names.get(font))) ? Buffer.from(bytes).toString('latin1') : decodeAs(bytes, encodings.get(font) ?? page))
  }
  const say = (text: string): void => {
    flush()
    put(text)
  }
  let isRaised = false
  const raise = (): void => {
    const isAbove = group.raised || group.lifted
    if (group.silent || isAbove === isRaised) return
    flush()
    isRaised = isAbove
    blocks.raised(isRaised)
  }
  const startRow = (): void => {
    flush()
    if (depth > 0 || group.silent) return
    depth = 1
    if (!inTable) blocks.table()
    inTable = true
    column = 0
    blocks.row()
  }
  const endRows = (left: number): void => {
    flush()
    for (; depth > left; depth -= 1) blocks.endRow()
  }
  const control = (word: string, value: number | undefined): void => {
    if (word === 'fonttbl') group.fonts = true
    else if (word === 'field') Object.assign(group, { field: { instruction: '', isShown: false }, ofField: 'whole' })
    else if (word === 'fldinst') group.ofField = 'instruction'
    if (word === 'upr') group.twice = true
    if (word === 'shpinst' || (word === 'do' && starred)) group.aroundShape = stack.at(-1)?.silent ?? false
    if ((word === 'shptxt' || word === 'dptxbxtext') && group.aroundShape !== undefined) {
      flush()
      group.silent = group.aroundShape
      group.apart = true
      if (!group.silent) blocks.end()
    } else if (silent.has(word)) group.silent = true
    else if (spoken.has(word) && starred) group.silent = stack.at(-1)?.silent ?? false
    starred = word === '*'
    if (word === 'footnote' || word === 'annotation') {
      group.note = true
      say(' [')
    }
    if (margins.test(word)) {
      group.apart = true
      flush()
      if (!group.silent) blocks.end()
    }
    if (Object.hasOwn(signs, word)) say(signs[word] ?? '')
    else if (word === 'u' && value !== undefined) {
      say(String.fromCharCode(value < 0 ? value + 65_536 : value))
      toSkip = group.skip
    } else if (word === 'xe' || word === 'tc' || word === 'tcn') {
      flush()
      group.entry = true
    } else if (word === 'v' || word === 'plain') {
      flush()
      group.hidden = word === 'v' && value !== 0
    } else if (word === 'deleted') {
      flush()
      group.deleted = value !== 0
    } else if (word === 'super' || word === 'nosupersub' || word === 'up') {
      flush()
      if (word !== 'up') group.raised = word === 'super' && value !== 0
      if (word !== 'super') group.lifted = word === 'up' && value !== 0
      raise()
    } else if (word === 'uc') group.skip = value ?? 1
    else if (word === 'ansicpg') page = pageOf(value ?? 1252)
    else if (word === 'mac') page = 'macintosh'
    else if (word === 'pc') page = 'cp437'
    else if (word === 'pca') page = 'cp850'
    else if (word === 'deff') usualFont = value
    else if (word === 'f' || word === 'plain') {
      flush()
      if (group.fonts) described = value ?? 0
      else group.font = word === 'f' ? (value ?? 0) : undefined
      if (word === 'plain') {
        group.raised = group.lifted = false
        raise()
      }
    } else if (word === 'fcharset' && value !== undefined && codePages[value] !== undefined) encodings.set(described, codePages[value])
    else if (word === 'intbl' || word === 'trowd') {
      if (word === 'trowd' && !group.silent) tall = []
      startRow()
    } else if (word === 'clvmgf' || word === 'clvmrg') next = word === 'clvmgf' ? Infinity : 0
    else if (word === 'cellx') {
      if (!group.silent) tall.push(next)
      next = 1
    } else if (word === 'cell' || word === 'nestcell') {
      startRow()
      if (group.silent) return
      if (word === 'cell') {
        endRows(1)
        blocks.reaches(1, tall[column] ?? 1)
        column += 1
      }
      blocks.endCell()
    } else if (word === 'itap' && !group.silent) {
      if (value === 1) endRows(1)
      for (; depth > 0 && depth < Math.min(value ?? 1, deepest); depth += 1) {
        blocks.table()
        blocks.row()
      }
    } else if (word === 'row') {
      if (!group.silent) endRows(0)
    }
    // Stands in a group that readers of before may leave out.
    else if (word === 'nestrow') endRows(Math.max(1, depth - 1))
    else if (word === 'par' || word === 'sect' || word === 'page') {
      flush()
      if (group.silent) return
      blocks.end()
      inTable &&= depth > 0
    }
  }

  const tokens = new RegExp(token)
  for (let found = tokens.exec(source); found !== null; found = tokens.exec(source)) {
    const [whole, hex, word, value, sign, brace] = found
    if (hex !== undefined) {
      if (toSkip > 0) toSkip -= 1
      else pending.push(Number.parseInt(hex, 16))
    } else if (brace === '{') {
      flush()
      stack.push(group)
      group = { ...group, silent: group.silent || group.twice, note: false, apart: false, twice: false, ofField: group.ofField === 'whole' ? undefined : group.ofField }
      toSkip = 0
    } else if (brace === '}') {
      flush()
      if (group.ofField === 'whole' && group.field?.isShown === false) say(shownBy(group.field.instruction))
      if (group.note) say('] ')
      if (group.apart && !group.silent) blocks.end()
      group = stack.pop() ?? group
      group.twice = false
      raise()
      toSkip = 0
      yield* blocks.take()
    } else if (word === 'bin') tokens.lastIndex += Math.max(0, Number(value ?? 0))
    // Bytes as they are, among which may be any sign.
    else if (word !== undefined) control(word, value === undefined ? undefined : Number(value))
    else if (sign !== undefined) {
      if (sign === '*') control('*', undefined)
      else if (sign === '\\' || sign === '{' || sign === '}') say(sign)
      else if (sign === '\n' || sign === '\r') control('par', undefined)
      else control(sign, undefined)
    } else if (!/^[\r\n]/.test(whole)) {
      const text = whole.slice(Math.min(toSkip, whole.length))
      toSkip = Math.max(0, toSkip - whole.length)
      for (let at = 0; at < text.length; at += 1) pending.push(text.charCodeAt(at))
    }
  }
  endRows(0)
  blocks.end()
  yield* blocks.take()
}

/** `Symbol;`: names end so in the table of fonts. */
const nameOf = (written = ''): string => /^[^;]*/.exec(written)?.[0].trim() ?? ''

const pageOf = (number: number): string => ({ 932: 'shift_jis', 936: 'gbk', 949: 'euc-kr', 950: 'big5', 65001: 'utf-8', 10000: 'macintosh' })[number] ?? (number >= 1250 && number <= 1258 ? `windows-${number}` : `cp${number}`)
