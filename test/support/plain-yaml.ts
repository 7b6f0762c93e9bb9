export type PlainYaml = string | readonly PlainYaml[] | { readonly [key: string]: PlainYaml }

/**
 * Reads the small part of YAML that files of ours in `deploy` are written in: maps, lists, one-line texts, `>-` and `|` blocks, comments on lines of
 * their own, `[a, b]` of words. Anything else is an error, so that a slip is not read as something.
 */
export function readPlainYaml(text: string): PlainYaml {
  if (text.includes('\t')) throw new Error('a tab')
  const lines = text.split('\n').map((line, index) => ({ indent: line.search(/\S|$/), text: line.trim(), at: index + 1 }))
  const reader = { lines: lines.filter(({ text: line }) => line !== '' && !line.startsWith('#')), next: 0 }
  const value = readNode(reader, 0)
  const left = reader.lines[reader.next]
  if (left !== undefined) throw new Error(`line ${left.at}: not expected here: ${left.text}`)
  return value
}

interface Line {
  readonly indent: number
  readonly text: string
  readonly at: number
}

interface Reader {
  readonly lines: Line[]
  next: number
}

function readNode(reader: Reader, least: number): PlainYaml {
  const first = reader.lines[reader.next]
  if (first === undefined || first.indent < least) throw new Error(`line ${first?.at ?? 'last'}: a value is missing`)
  const { indent } = first
  const list: PlainYaml[] = []
  const map: Record<string, PlainYaml> = {}
  const isList = first.text.startsWith('- ')
  for (let line = reader.lines[reader.next]; line !== undefined && line.indent >= indent; line = reader.lines[reader.next]) {
    if (line.indent !== indent || line.text.startsWith('- ') !== isList) throw new Error(`line ${line.at}: not expected here: ${line.text}`)
    if (isList) {
      const rest = line.text.slice(2)
      if (!entry.test(rest)) {
        reader.next += 1
        list.push(scalar(rest, line.at))
        continue
      }
      // The item is a map, whose first line stands behind the dash.
      reader.lines[reader.next] = { ...line, indent: indent + 2, text: rest }
      list.push(readNode(reader, indent + 2))
      continue
    }
    const [, key, rest = ''] = entry.exec(line.text) ?? []
    if (key === undefined) throw new Error(`line ${line.at}: no key: ${line.text}`)
    if (key in map) throw new Error(`line ${line.at}: ${key} stands twice`)
    reader.next += 1
    map[key] = rest === '' ? readNode(reader, indent + 1) : rest === '>-' || rest === '|' ? block(reader, indent) : scalar(rest, line.at)
  }
  return isList ? list : map
}

const entry = /^([\w.-]+):(?: (.*))?$/

function block(reader: Reader, indent: number): string {
  const texts: string[] = []
  for (let line = reader.lines[reader.next]; line !== undefined && line.indent > indent; line = reader.lines[reader.next]) {
    texts.push(line.text)
    reader.next += 1
  }
  return texts.join(' ')
}

function scalar(text: string, at: number): PlainYaml {
  if (/^\[[\w., -]*\]$/.test(text)) return text.slice(1, -1).split(',').map((item) => item.trim())
  if (/^"[^"\\]*"$/.test(text)) return text.slice(1, -1)
  // What YAML would read as something else than this text.
  if (/^[[\]{}&*!|>'"%@`,?-]/.test(text) || /: | #|:$/.test(text)) throw new Error(`line ${at}: has to be quoted, or is too much for this reader: ${text}`)
  return text
}
