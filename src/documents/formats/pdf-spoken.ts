import { isRecord } from '../../protocol/is-record.ts'

/**
 * The pieces of a page with what the file says of how they are read (`ActualText`): ligatures and signs of a font that has no names for them. What is said of
 * several pieces stands in the place of the first. Where nothing is said, the letters are read.
 */
export function asSpoken(items: readonly unknown[]): readonly unknown[] {
  const spoken: unknown[] = []
  let depth = 0
  /** The outermost mark that says something, which speaks of all within it; its text is empty when a piece has it. */
  let mark: { text: string; readonly depth: number } | undefined
  for (const item of items) {
    if (!isMark(item)) {
      const isSaid = mark !== undefined && isRecord(item) && typeof item['str'] === 'string' && item['str'].trim() !== ''
      spoken.push(isSaid && mark !== undefined ? { ...item, str: withBlanks(mark.text, String(item['str'])) } : item)
      if (isSaid && mark !== undefined) mark.text = ''
    } else if (item.type === 'endMarkedContent') {
      if (mark?.depth === depth) mark = undefined
      depth -= 1
    } else {
      depth += 1
      const text = said(item)
      if (text !== '') mark ??= { text, depth }
    }
  }
  return spoken
}

/** Blanks at the ends of what is drawn part it from its neighbours, whatever is said. */
const withBlanks = (text: string, drawn: string): string => (text !== '' && /^\s/.test(drawn) ? ' ' : '') + text + (/\s$/.test(drawn) ? ' ' : '')

interface Mark {
  readonly type: string
  readonly actualText?: unknown
}

const isMark = (item: unknown): item is Mark => isRecord(item) && typeof item['type'] === 'string'
/** A soft hyphen is said of the hyphen at which a word is parted. Characters that nobody knows or sees say less than the letters do. */
function said({ actualText }: Mark): string {
  const text = typeof actualText === 'string' ? actualText.replaceAll('\u00ad', '-').replaceAll(/[\0\ufeff]/g, '').trim() : ''
  return /[\ufffd\p{Co}]/u.test(text) || /^\p{Cf}*$/u.test(text) ? '' : text
}
