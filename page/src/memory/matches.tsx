import { shown, wholeSigns } from '../parts/shown.ts'

/** One word of a script, or one sign of a script without blanks between words. */
const words = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{N}\p{M}])+/gu

const betweenWords = new RegExp(`(${words.source})`, 'u')

const folded = (word: string): string => word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

export const wordsOf = (text: string): ReadonlySet<string> => new Set((text.match(words) ?? []).map(folded))

/** Those of the words that stand in the text. */
export function matched(text: string, wanted: ReadonlySet<string>): readonly string[] {
  const there = wordsOf(text)
  return [...wanted].filter((word) => there.has(word))
}

const around = 240

/** A text with the words that were looked for marked; of a long one the part around the first of them. */
export function Matches({ text, wanted, whole }: { readonly text: string; readonly wanted: ReadonlySet<string>; readonly whole: boolean }) {
  const part = whole ? text : excerpt(text, wanted)
  return (
    <div class="text" dir="auto">
      {part.split(betweenWords).map((piece, index) => (index % 2 === 1 && wanted.has(folded(piece)) ? <mark key={index}>{shown(piece)}</mark> : shown(piece)))}
    </div>
  )
}

export const isLong = (text: string): boolean => text.length > 3 * around

function excerpt(text: string, wanted: ReadonlySet<string>): string {
  if (!isLong(text)) return text
  const first = [...text.matchAll(words)].find(([word]) => wanted.has(folded(word)))?.index ?? 0
  const from = Math.max(0, first - around)
  const to = from + 3 * around
  return `${from > 0 ? '…' : ''}${wholeSigns(text.slice(from, to))}${to < text.length ? '…' : ''}`
}
