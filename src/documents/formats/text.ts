import type { Part } from '../part.ts'

/** Paragraphs: what blank lines part. */
export function textParts(text: string): Part[] {
  const parts: Part[] = []
  let lines: string[] = []
  let first = 1
  const close = (): void => {
    if (lines.length > 0) parts.push({ text: lines.join('\n'), firstLine: first })
    lines = []
  }
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') close()
    else {
      if (lines.length === 0) first = index + 1
      lines.push(line)
    }
  }
  close()
  return parts
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
