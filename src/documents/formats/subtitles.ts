import type { Part } from '../part.ts'

/** When it begins, when it ends, where on the screen it stands, and what some write on the same line. */
const time = /^\s*((?:\d+:)?\d{1,2}:\d{2})([.,]\d{1,3})\s*-->\s*([\d:.,]*)((?:\s+(?:[XY][12]:\d+|align:(?:start|middle|center|end|left|right)|(?:line|position|size):(?:auto|-?[\d.]+%?)(?:,[a-z-]+)?|region:\S+|vertical:(?:rl|lr))(?=\s|$))*)(.*)/
/** `Kind: captions` */
const headLine = /^(?:Kind|Language|Region|X-[\w-]+)\s?[:=]/i
/** Of a cue: `<i>`, `</c.loud>`, `<v Ann>`, `<00:01.500>`, `{\an8}`. A smaller one of two numbers is none. */
const markup = /<\/?(?:[a-z][^<>\n]{0,200}|\d[\d:.]{0,20})?>|\{\\[^{}\n]{0,200}\}/gi
/** A minute of talk stands together. */
const wanted = 600

/** What is said, with the time at which it begins: `[00:01:02] …`. Numbers, settings and markup of the subtitles are left out. */
export function* subtitleParts(text: string): Generator<Part> {
  let said: string[] = []
  let size = 0
  let at = ''
  let cue: string[] = []
  let shown: Cue = { lines: [], from: 0, to: 0 }
  let [from, to] = [0, 0]
  let verbatim = false
  let inHead = false
  /** No time has come since the last empty line. */
  let isNew = true
  const closeCue = (): void => {
    const lines = cue.map((line) => line.replaceAll(markup, '').trim()).filter((line) => line !== '')
    cue = []
    if (lines.length === 0) return
    const next = { lines, from, to }
    const words = lines.slice(repeated(shown, next)).join(' ')
    shown = next
    if (words === '') return
    said.push(at === '' ? words : `[${at}] ${words}`)
    size += words.length
  }
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    const [, begin, fraction = '', end = '', , rest = ''] = time.exec(line) ?? []
    if (begin !== undefined) {
      // The line above is the cue's number or name.
      if (lines[index - 1]?.trim() !== '' && (/^\d+$/.test(cue.at(-1) ?? '') || (isNew && cue.length === 1))) cue.pop()
      closeCue()
      if (size >= wanted) {
        yield { text: said.join('\n') }
        said = []
        size = 0
      }
      at = begin
      from = secondsOf(begin + fraction)
      to = secondsOf(end)
      isNew = verbatim = inHead = false
      if (rest.trim() !== '') cue.push(rest.trim())
    } else if (line.trim() === '') {
      closeCue()
      isNew = true
      verbatim = inHead = false
    } else if (at === '' && (/^(?:STYLE|REGION)\s*$/.test(line) || (inHead && /^Style:\s*$/.test(line)))) verbatim = true
    else if (/^WEBVTT(?=\s|$)/.test(line) && index === 0) {
      inHead = true
      // A title may follow.
      const title = line.slice('WEBVTT'.length).replace(/^[\s-]+/, '')
      if (title !== '') cue.push(title)
    }
    else if (!verbatim && !(inHead && headLine.test(line))) cue.push(line.trim())
  }
  closeCue()
  if (said.length > 0) yield { text: said.join('\n') }
}

interface Cue {
  readonly lines: readonly string[]
  /** In seconds. */
  readonly from: number
  readonly to: number
}

const secondsOf = (written: string): number => written.replace(',', '.').split(':').reduce((sum, part) => sum * 60 + Number(part), 0)

/** A cue between two others, which only keeps the line in sight. */
const moment = 0.1

/**
 * How many lines at a cue's beginning stand there since the one before, above what is said now, as in captions that roll. Who says a thing again is heard
 * again: a cue of these words alone is no such one, unless it lasts for a moment.
 */
function repeated(before: Cue, { lines, from, to }: Cue): number {
  if (from > before.to + moment) return 0
  for (let count = Math.min(lines.length, before.lines.length); count > 0; count -= 1) {
    if (before.lines.slice(-count).every((line, index) => line === lines[index])) return count < lines.length || to - from < moment ? count : 0
  }
  return 0
}
