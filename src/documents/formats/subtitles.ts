import { decodeHTMLStrict } from 'entities'
import type { Part } from '../part.ts'
import { asWebVtt } from './sub-station.ts'
import { timedAsWebVtt } from './timed-text.ts'

/** When it begins, when it ends, where on the screen it stands, and what some write on the same line. */
const time = /^\s*((?:\d+:)?\d{1,2}:\d{2})([.,]\d{1,3})\s*-->\s*([\d:.,]*)((?:\s+(?:[XY][12]:\d+|align:(?:start|middle|center|end|left|right)|(?:line|position|size):(?:auto|-?[\d.]+%?)(?:,[a-z-]+)?|region:\S+|vertical:(?:rl|lr))(?=\s|$))*)(.*)/
/** `Kind: captions` */
const headLine = /^(?:Kind|Language|Region|X-[\w-]+)\s?[:=]/i
/** Of a cue: `<i>`, `</c.loud>`, `<v Ann>`, `<00:01.500>`, `{\an8}`. A smaller one of two numbers is none. */
const markup = /<\/?(?:[a-z][^<>\n]{0,200}|\d[\d:.]{0,20})?>|\{\\[^{}\n]{0,200}\}/gi
/** Who speaks: `<v Ann>`, `<v.loud Ann Smith>`. */
const voice = /<v(?:\.[^\s<>]{0,80})?[ \t]+([^<>\n]{1,200})>/g
/** A minute of talk stands together. */
const wanted = 600

/** What is said, with the time at which it begins and who says it: `[00:01:02] Ann: …`. Numbers, settings and markup of the subtitles are left out. */
export function* subtitleParts(written: string): Generator<Part> {
  const text = asWebVtt(written) ?? timedAsWebVtt(written) ?? written
  const cues = [...cuesIn(text)]
  const rolls = isRolling(text, cues)
  let said: string[] = []
  let size = 0
  for (const [index, cue] of cues.entries()) {
    const before = cues[index - 1]
    if (size >= wanted && cue.time !== before?.time) {
      yield { text: said.join('\n') }
      said = []
      size = 0
    }
    const words = cue.lines.slice(rolls ? repeated(before, cue) : 0).join(' ')
    if (words === '') continue
    said.push(cue.at === '' ? words : `[${cue.at}] ${words}`)
    size += words.length
  }
  if (said.length > 0) yield { text: said.join('\n') }
}

interface Cue {
  readonly lines: readonly string[]
  /** Whether a line says who speaks, or that another speaks: `<v Ann>`, `- No.` */
  readonly isTalk: boolean
  /** When it begins, as it is written; empty for what stands above the first time. */
  readonly at: string
  /** The number of that time in the file. */
  readonly time: number
  /** In seconds. */
  readonly from: number
  readonly to: number
}

function* cuesIn(text: string): Generator<Cue> {
  let cue: string[] = []
  let when = { at: '', time: 0, from: 0, to: 0 }
  let verbatim = false
  let inHead = false
  /** No time has come since the last empty line. */
  let isNew = true
  function* closeCue(): Generator<Cue> {
    const lines = cue.map(wordsOf).filter((line) => line !== '')
    const isTalk = cue.some((line) => /<v[ .]/.test(line)) || lines.some((line) => /^[-\u2010-\u2015]/.test(line))
    cue = []
    if (lines.length > 0) yield { lines, isTalk, ...when }
  }
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    const [, begin, fraction = '', end = '', , rest = ''] = time.exec(line) ?? []
    if (begin !== undefined) {
      // The line above is the cue's number or name.
      if (lines[index - 1]?.trim() !== '' && (/^\d+$/.test(cue.at(-1) ?? '') || (isNew && cue.length === 1))) cue.pop()
      yield* closeCue()
      when = { at: begin, time: when.time + 1, from: secondsOf(begin + fraction), to: secondsOf(end) }
      isNew = verbatim = inHead = false
      if (rest.trim() !== '') cue.push(rest.trim())
    } else if (line.trim() === '') {
      yield* closeCue()
      isNew = true
      verbatim = inHead = false
    } else if (when.at === '' && (/^(?:STYLE|REGION)\s*$/.test(line) || (inHead && /^Style:\s*$/.test(line)))) verbatim = true
    else if (/^WEBVTT(?=\s|$)/.test(line) && index === 0) {
      inHead = true
      // A title may follow.
      const title = line.slice('WEBVTT'.length).replace(/^[\s-]+/, '')
      if (title !== '') cue.push(title)
    }
    else if (!verbatim && !(inHead && headLine.test(line))) cue.push(line.trim())
  }
  yield* closeCue()
}

/** Signs that markup is made of stand in a cue as those of HTML do, `Q&amp;A`. */
const wordsOf = (line: string): string => decodeHTMLStrict(line.replaceAll(voice, '$1: ').replaceAll(markup, '')).replaceAll('\u00a0', ' ').trim()

const secondsOf = (written: string): number => written.replace(',', '.').split(':').reduce((sum, part) => sum * 60 + Number(part), 0)

/** A cue between two others, which only keeps the line in sight. */
const moment = 0.1

/** From so many cues on that keep a line of the one before, and where at least so large a share of all does, the captions of a file roll. */
const leastRolling = 3
const leastShare = 0.5

/** Whether captions roll: words come one by one, each with its time, or most cues keep a line of the one before. In others, who says a thing again is heard again. */
function isRolling(text: string, cues: readonly Cue[]): boolean {
  if (/<\d[\d:.]{0,20}><c[.>]/.test(text)) return true
  const rolling = cues.filter((cue, index) => repeated(cues[index - 1], cue) > 0).length
  return rolling >= leastRolling && rolling >= cues.length * leastShare
}

/**
 * How many lines at a cue's beginning stand there since the one before, above what is said now. A cue of these words alone is said again, unless it lasts
 * for a moment. So is what one answers to another.
 */
function repeated(before: Cue | undefined, { lines, isTalk, from, to }: Cue): number {
  if (before === undefined || isTalk || from > before.to + moment) return 0
  for (let count = Math.min(lines.length, before.lines.length); count > 0; count -= 1) {
    if (before.lines.slice(-count).every((line, index) => line === lines[index])) return count < lines.length || to - from < moment ? count : 0
  }
  return 0
}
