/** One stretch of characters that look alike. */
interface Run {
  readonly text: string
  readonly column: number
  readonly style: Style
}

interface Style {
  readonly bold: boolean
  readonly dim: boolean
  readonly colour: string
}

const plain: Style = { bold: false, dim: false, colour: '#d8dee9' }
const colours: Readonly<Record<number, string>> = { 31: '#e06c75', 32: '#98c379', 33: '#e5c07b', 34: '#61afef', 35: '#c678dd', 36: '#56b6c2' }
const cell = { width: 8.4, height: 19, font: 14 }
const margin = 18
/** Above each line of the user's, so that one exchange is told from the next. */
const gap = 9

/** What `tmux capture-pane -e -p` gives, as an SVG: text, so it stays sharp and small. Knows the few styles that the chat uses. */
export function terminalSvg(screen: string, options: { readonly columns: number; readonly title: string }): string {
  const lines = screen.trimEnd().split('\n')
  let style = plain
  let top = margin
  const body = lines.flatMap((line) => {
    const read = runsOf(line, style)
    style = read.style
    if (read.runs[0]?.text.startsWith('you>') === true) top += gap
    const drawn = read.runs.map((run) => runText(run, top))
    top += cell.height
    return drawn
  })
  const width = Math.ceil(options.columns * cell.width + 2 * margin)
  const height = Math.ceil(top + margin)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(options.title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#1b1f27"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${cell.font}">`,
    ...body,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function runsOf(line: string, begin: Style): { readonly runs: readonly Run[]; readonly style: Style } {
  let style = begin
  let column = 0
  const runs: Run[] = []
  for (const part of line.split(new RegExp('(\\u001b\\[[0-9;]*m)'))) {
    if (part.startsWith('\u001b[')) style = styleAfter(style, part.slice(2, -1))
    else if (part !== '') {
      runs.push({ text: part, column, style })
      column += part.length
    }
  }
  return { runs, style }
}

function styleAfter(style: Style, codes: string): Style {
  return codes.split(';').map(Number).reduce<Style>((before, code) => {
    if (code === 0) return plain
    if (code === 1) return { ...before, bold: true }
    if (code === 2) return { ...before, dim: true }
    if (code === 22) return { ...before, bold: false, dim: false }
    if (code === 39) return { ...before, colour: plain.colour }
    return { ...before, colour: colours[code] ?? before.colour }
  }, style)
}

/** `textLength` holds the columns in line whatever font the reader has; blanks that don't break are not collapsed. */
function runText({ text, column, style }: Run, top: number): string {
  const blanks = text.length - text.trimStart().length
  const shown = text.trim()
  if (shown === '') return ''
  const x = (margin + (column + blanks) * cell.width).toFixed(1)
  const y = (top + cell.font).toFixed(0)
  const look = `fill="${style.colour}"${style.bold ? ' font-weight="bold"' : ''}${style.dim ? ' opacity="0.55"' : ''}`
  return `<text x="${x}" y="${y}" ${look} textLength="${(shown.length * cell.width).toFixed(1)}">${escaped(shown).replaceAll(' ', '\u00a0')}</text>`
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
