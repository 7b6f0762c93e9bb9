/** A line of an event: `Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ann,0,0,0,,Lit at dusk`. The last field holds commas of its own. */
const usualFields = ['Layer', 'Start', 'End', 'Style', 'Name', 'MarginL', 'MarginR', 'MarginV', 'Effect', 'Text']

/** Settings of letters and remarks; between the first of these marks and the next one, lines of a drawing. */
const drawings = /\{[^{}\n]{0,200}\\p[1-9][^{}\n]{0,200}\}[^{\n]*/g
const settings = /\{[^{}\n]{0,2000}\}/g

/** Subtitles in the form of Advanced SubStation Alpha (ASS, SSA) as WebVTT, in the order in which they are seen; undefined for other text. */
export function asWebVtt(text: string): string | undefined {
  if (!/^\ufeff?\s*\[Script Info\]/i.test(text)) return undefined
  let fields = usualFields
  const cues: { readonly start: string; readonly text: string }[] = []
  for (const line of text.split(/\r\n?|\n/)) {
    const [, kind = '', rest = ''] = /^(Format|Dialogue|Title):[ \t]*(.*)$/i.exec(line) ?? []
    if (/^title$/i.test(kind) && cues.length === 0) cues.push({ start: '', text: rest })
    else if (/^format$/i.test(kind) && /\bText\s*$/i.test(rest)) fields = rest.split(',').map((name) => name.trim())
    else if (/^dialogue$/i.test(kind)) {
      const values = rest.split(',')
      const [start, end, name] = ['Start', 'End', fields.includes('Actor') ? 'Actor' : 'Name'].map((field) => values[fields.indexOf(field)]?.trim() ?? '')
      const said = values.slice(fields.length - 1).join(',').replaceAll(drawings, '').replaceAll(settings, '').replaceAll(/\\[Nnh]/g, ' ').trim()
      if (said === '') continue
      cues.push({ start: (start ?? '').padStart(11, '0'), text: `${hundredths(start)} --> ${hundredths(end)}\n${name ? `${name}: ` : ''}${said.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}` })
    }
  }
  return cues.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0)).map((cue) => cue.text).join('\n\n')
}

/** `0:00:01.00` */
const hundredths = (time = ''): string => (/^\d+:\d\d?:\d\d?$/.test(time) ? `${time}.00` : time)
