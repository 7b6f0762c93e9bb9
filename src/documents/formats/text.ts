import type { Part } from '../part.ts'

/** Paragraphs: what blank lines part. */
export function* textParts(text: string): Generator<Part> {
  let lines: string[] = []
  let first = 1
  let number = 0
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf('\n', from)
    const line = text.slice(from, end < 0 ? text.length : end)
    from = end < 0 ? text.length + 1 : end + 1
    number += 1
    if (line.trim() !== '') {
      if (lines.length === 0) first = number
      lines.push(line)
    } else if (lines.length > 0) {
      yield { text: lines.join('\n'), firstLine: first }
      lines = []
    }
  }
  if (lines.length > 0) yield { text: lines.join('\n'), firstLine: first }
}

/** The text from this line on, from 1. */
export function linesFrom(text: string, line: number): string {
  let from = 0
  for (let number = 1; number < line; number += 1) {
    const end = text.indexOf('\n', from)
    if (end < 0) return ''
    from = end + 1
  }
  return text.slice(from)
}

/** Line numbers of places in a text, for parsers that give places. */
export function lineCounter(text: string): (place: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (place) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= place) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}
