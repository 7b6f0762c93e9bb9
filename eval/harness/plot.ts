import type { EvalKind } from './kind.ts'
import type { Row } from './question.ts'
import { grouped, spreadOf } from './spread.ts'

const width = 640
const height = 340
const frame = { left: 50, right: 20, top: 16, bottom: 46 }
const colours = ['#1b7f5c', '#c2571a', '#3763b5', '#8a3f9e', '#6b6b6b']

/** The first score by group, one line a system, with the spread of the runs as bars: as SVG. */
export function plotOf(kind: EvalKind, rows: readonly Row[]): string {
  const [score] = kind.scores
  if (score === undefined) throw new Error(`${kind.name} has no score`)
  const groups = [...grouped(rows, ({ group }) => group).keys()]
  const systems = [...grouped(rows, ({ system }) => system)]
  const legend = 18 * systems.length
  const plotHeight = height - frame.top - frame.bottom
  const x = (index: number): number => frame.left + ((index + 0.5) * (width - frame.left - frame.right)) / groups.length
  const y = (share: number): number => frame.top + (1 - share) * plotHeight
  const lines = systems.map(([system, own], index) => {
    const colour = colours[index % colours.length] ?? '#000'
    const points = groups.flatMap((group, place) => {
      const some = own.filter((row) => row.group === group)
      return some.length === 0 ? [] : [{ at: x(place), ...spreadOf(some, score) }]
    })
    const key = height + 18 * index
    return [
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map((point) => `${round(point.at)},${round(y(point.mean))}`).join(' ')}"/>`,
      ...points.map(({ at, least, most }) => `<line stroke="${colour}" x1="${round(at)}" x2="${round(at)}" y1="${round(y(least))}" y2="${round(y(most))}"/>`),
      ...points.map(({ at, mean }) => `<circle fill="${colour}" r="3.5" cx="${round(at)}" cy="${round(y(mean))}"/>`),
      `<rect fill="${colour}" x="${frame.left}" y="${key}" width="12" height="4"/>`,
      text(frame.left + 20, key + 6, system),
    ].join('\n')
  })
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    [
      `<line stroke="#ddd" x1="${frame.left}" x2="${width - frame.right}" y1="${y(share)}" y2="${y(share)}"/>`,
      text(frame.left - 8, y(share) + 4, `${share * 100} %`, 'end'),
    ].join('\n'),
  )
  const labels = groups.map((group, index) => text(x(index), height - frame.bottom + 18, group, 'middle'))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height + legend + 8}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height + legend + 8}" fill="#fff"/>`,
    ...grid,
    ...labels,
    text(width / 2, height - 10, kind.groupTitle, 'middle'),
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end' = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`
}

const round = (value: number): number => Math.round(value * 10) / 10
