import type { Chunk } from '../protocol/documents.ts'
import { beginningOf } from '../protocol/well-formed.ts'
import { headingSeparator, type Part, type Parts } from './part.ts'

/** Characters that a chunk grows to before the next begins: a page of results shows five of them whole. */
const wanted = 1_200
/** Characters that no chunk exceeds. */
const most = 2_000
/** A chunk with fewer characters takes the following part too, under whatever heading that is: a single line alone is hard to find. */
const least = 300

/**
 * Parts as chunks of about the same size: small neighbours under one heading and on one page go together, what is too large is
 * split between lines, else between sentences, else between words. Nothing is left out, nothing comes twice.
 */
export async function* chunksOf(parts: Parts): AsyncGenerator<Chunk> {
  let current: Part[] = []
  let size = 0
  for await (const whole of parts) {
    for (const part of splitPart(whole)) {
      const first = current[0]
      const apart = first !== undefined && (first.page !== part.page || (first.heading !== part.heading && size >= least) || size + part.text.length > wanted)
      if (apart) {
        yield joined(current)
        current = []
        size = 0
      }
      current.push(part)
      size += part.text.length + 1
    }
  }
  if (current.length > 0) yield joined(current)
}

function joined(parts: readonly Part[]): Chunk {
  const [first, ...others] = parts
  let text = first?.text ?? ''
  let last = lastLineOf(first)
  for (const part of others) {
    text += `${last !== undefined && part.firstLine === last + 1 ? '\n' : '\n\n'}${part.text}`
    last = lastLineOf(part)
  }
  const heading = commonPath(parts.map((part) => part.heading))
  return {
    text,
    ...(first?.page !== undefined && { page: first.page }),
    ...(first?.firstLine !== undefined && last !== undefined && { lines: [first.firstLine, last] as const }),
    ...(heading !== undefined && { heading }),
  }
}

const lastLineOf = (part: Part | undefined): number | undefined => (part?.firstLine === undefined ? undefined : part.firstLine + part.text.split('\n').length - 1)

/** The headings that all parts stand under. */
function commonPath(paths: readonly (string | undefined)[]): string | undefined {
  const split = paths.map((path) => path?.split(headingSeparator) ?? [])
  const [first = []] = split
  const differing = first.findIndex((name, level) => split.some((path) => path[level] !== name))
  const common = differing < 0 ? first : first.slice(0, differing)
  return common.length === 0 ? undefined : common.join(headingSeparator)
}

/** Whole lines as long as they fit, so that line numbers stay true; a line that is too long alone is split within. */
function splitPart(part: Part): Part[] {
  const text = part.text.trimEnd()
  if (text.trim() === '') return []
  if (text.length <= most) return [{ ...part, text }]
  const pieces: Part[] = []
  let lines: string[] = []
  let size = 0
  let line = part.firstLine
  const close = (): void => {
    const piece = lines.join('\n')
    if (piece.trim() !== '') pieces.push({ ...part, text: piece, ...(line !== undefined && { firstLine: line }) })
    if (line !== undefined) line += lines.length
    lines = []
    size = 0
  }
  for (const whole of text.split('\n')) {
    if (size > 0 && size + whole.length > wanted) close()
    if (whole.length <= most) {
      lines.push(whole)
      size += whole.length + 1
      continue
    }
    for (const piece of splitLine(whole)) pieces.push({ ...part, text: piece, ...(line !== undefined && { firstLine: line }) })
    if (line !== undefined) line += 1
  }
  close()
  return pieces
}

const words = new Intl.Segmenter(undefined, { granularity: 'word' })
/** No word of a language that writes none apart has as many characters. */
const longestWord = 64

/** Where the last word of a text without blanks begins, which may be cut: so it is in Thai and Chinese. What is one word, as a key, is cut anywhere. */
function lastWord(text: string): number {
  const before = text.length - longestWord
  const last = [...words.segment(text.slice(before))].at(-1)?.index ?? 0
  return last > 0 ? before + last : text.length
}

function splitLine(line: string): string[] {
  const pieces: string[] = []
  let rest = line
  while (rest.length > most) {
    const head = rest.slice(0, wanted)
    const sentence = Math.max(head.lastIndexOf('. '), head.lastIndexOf('! '), head.lastIndexOf('? '), head.lastIndexOf('。')) + 1
    const end = sentence > wanted / 3 ? sentence : head.lastIndexOf(' ')
    const at = end > wanted / 3 ? end : lastWord(beginningOf(rest, wanted))
    pieces.push(rest.slice(0, at).trim())
    rest = rest.slice(at).trim()
  }
  return rest === '' ? pieces : [...pieces, rest]
}
