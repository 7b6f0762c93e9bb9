import { attribute, readSmallXml } from './xml.ts'

interface Cue {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** Subtitles in the form of TTML (also DFXP), SAMI or YouTube's SBV as WebVTT; undefined for other text. */
export function timedAsWebVtt(text: string): string | undefined {
  if (/^\s*(?:<\?xml\s[^>]{0,200}>\s*)?<(?:\w{1,20}:)?tt[\s>]/.test(text)) return webVtt(ttmlCues(text))
  if (/^\s*<sami[\s>]/i.test(text)) return webVtt(samiCues(text))
  if (/^\s*\d+:\d\d:\d\d\.\d{3},\d+:\d\d:\d\d\.\d{3}\n/.test(text)) return text.replaceAll(/^(\d+:\d\d:\d\d\.\d{3}),(\d+:\d\d:\d\d\.\d{3})$/gm, '$1 --> $2')
  return undefined
}

const webVtt = (cues: readonly Cue[]): string => cues.map(({ from, to, text }) => `${clock(from)} --> ${clock(to)}\n${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}`).join('\n\n')

const two = (number: number): string => String(number).padStart(2, '0')
const clock = (seconds: number): string => `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${(seconds % 60).toFixed(3).padStart(6, '0')}`

function ttmlCues(text: string): Cue[] {
  const cues: Cue[] = []
  let cue: { readonly from: number; readonly to: number; text: string } | undefined
  let [ticks, frames] = [1, 30]
  readSmallXml(Buffer.from(text), {
    open: (name, attributes) => {
      if (name === 'tt') {
        ticks = Number(attribute(attributes, 'tickRate') ?? 1) || 1
        frames = Number(attribute(attributes, 'frameRate') ?? 30) || 30
      } else if (name === 'p') {
        const [from = 0, to = 0] = ['begin', 'end'].map((at) => secondsOf(attribute(attributes, at) ?? '', ticks, frames))
        cue = { from, to, text: '' }
      } else if (name === 'br' && cue !== undefined) cue.text += '\n'
    },
    text: (words) => {
      if (cue !== undefined) cue.text += words.replaceAll(/\s+/g, ' ')
    },
    close: (name) => {
      if (name !== 'p' || cue === undefined) return
      if (cue.text.trim() !== '') cues.push(cue)
      cue = undefined
    },
  })
  return cues
}

/** `00:01:02.5`, `00:01:02:12` with frames, `62.5s`, `1500ms`, `900t` in ticks. */
function secondsOf(time: string, ticks: number, frames: number): number {
  const [, hours, minutes, seconds, frame] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)(?::(\d+))?/.exec(time) ?? []
  if (hours !== undefined) return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds) + Number(frame ?? 0) / frames
  const [, number = '0', unit = 's'] = /^([\d.]+)(h|ms|m|s|f|t)?$/.exec(time) ?? []
  return Number(number) * ({ h: 3_600, m: 60, s: 1, ms: 0.001, f: 1 / frames, t: 1 / ticks }[unit] ?? 1)
}

/** Each text stands until the next one begins; an empty one takes it away. */
function samiCues(text: string): Cue[] {
  const [, ...pieces] = text.split(/<sync\s[^>]{0,200}?start\s*=\s*["']?(\d{1,12})[^>]{0,200}>/i)
  const cues: Cue[] = []
  for (let at = 0; at + 1 < pieces.length; at += 2) {
    const said = (pieces[at + 1] ?? '').replaceAll(/<br\s*\/?>/gi, '\n').replaceAll(/<[^<>]{0,400}>/g, '').replaceAll(/&nbsp;?/gi, ' ').trim()
    const from = Number(pieces[at]) / 1_000
    if (said !== '') cues.push({ from, to: Number(pieces[at + 2] ?? pieces[at]) / 1_000, text: said.replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll(/\n\s*\n/g, '\n') })
  }
  return cues
}
