import type { Part } from '../part.ts'

const time = /^\s*((?:\d+:)?\d{1,2}:\d{2})[.,]\d{1,3}\s*-->/
/** A minute of talk stands together. */
const wanted = 600

/** What is said, with the time at which it begins: `[00:01:02] …`. Numbers, settings and markup of the subtitles are left out. */
export function* subtitleParts(text: string): Generator<Part> {
  let said: string[] = []
  let size = 0
  let at = ''
  let cue: string[] = []
  let verbatim = false
  const closeCue = (): void => {
    const words = cue.join(' ').replaceAll(/<[^<>]{0,200}>|\{\\[^{}]{0,200}\}/g, '').trim()
    cue = []
    if (words === '') return
    said.push(at === '' ? words : `[${at}] ${words}`)
    size += words.length
  }
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    const begin = time.exec(line)?.[1]
    if (begin !== undefined) {
      // The line above is the cue's number or name.
      if (cue.length > 0 && lines[index - 1]?.trim() !== '') cue.pop()
      closeCue()
      if (size >= wanted) {
        yield { text: said.join('\n') }
        said = []
        size = 0
      }
      at = begin
      verbatim = false
    } else if (line.trim() === '') {
      closeCue()
      verbatim = false
    } else if (/^(?:WEBVTT|STYLE|REGION)\b/.test(line) && at === '') verbatim = true
    else if (!verbatim) cue.push(line.trim())
  }
  closeCue()
  if (said.length > 0) yield { text: said.join('\n') }
}
