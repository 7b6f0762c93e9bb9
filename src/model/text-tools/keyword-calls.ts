/** Calls in the form of Python stand alone in a list, in a fence or within marks. */
const frames: readonly RegExp[] = [
  /^[ \t]{0,4}(?:<\|(?:tool_call_start|python_start)\|>\s{0,4})?\[(?=[A-Za-z_][\w.]{0,63}\()/gm, // Llama, LFM2
  /<function_calls>\s{0,4}(?=[A-Za-z_][\w.]{0,63}\()/g, // Olmo
  /```tool_code\s{0,4}(?:print\()?(?=[A-Za-z_][\w.]{0,63}\()/g, // Gemma
]

/** `[search(query="tea", page=2)]` as JSON, a line a call; only of tools that are offered. What is not whole, or is no list of calls alone, stays as it is. */
export function keywordCalls(text: string, offered: ReadonlySet<string>): string {
  let plain = text
  for (const frame of frames) {
    const pieces: string[] = []
    let from = 0
    for (const { 0: opening, index } of plain.matchAll(frame)) {
      if (index < from) continue
      const found = callsFrom(plain, index + opening.length, offered)
      if (found === undefined) continue
      pieces.push(plain.slice(from, index), '\n', found.calls.join('\n'), '\n')
      from = found.end
    }
    plain = pieces.join('') + plain.slice(from)
  }
  return plain
}

const called = /\s{0,8}(?:print\()?([A-Za-z_][\w.]{0,63})\(\s{0,8}/y
const keyword = /\s{0,8}([A-Za-z_]\w{0,63})\s{0,4}=\s{0,4}/y
const between = /\s{0,8},?\s{0,8}/y
/** Brackets and marks behind the last call. */
const behind = /\s{0,8}\){0,1}\s{0,8}\]?\s{0,8}(?:<\|(?:tool_call_end|python_end)\|>|<\/function_calls>|```)?[ \t]*(?=\n|$|<\|)/y

function callsFrom(text: string, start: number, offered: ReadonlySet<string>): { readonly calls: readonly string[]; readonly end: number } | undefined {
  const calls: string[] = []
  let at = start
  for (;;) {
    called.lastIndex = at
    const name = called.exec(text)?.[1]
    if (name === undefined) break
    if (!offered.has(name)) return undefined
    at = called.lastIndex
    const args: string[] = []
    while (text[at] !== ')') {
      keyword.lastIndex = at
      const key = keyword.exec(text)?.[1]
      const value = key === undefined ? undefined : valueAt(text, keyword.lastIndex)
      if (key === undefined || value === undefined) return undefined
      args.push(`${JSON.stringify(key)}: ${value.json}`)
      between.lastIndex = value.end
      between.exec(text)
      at = between.lastIndex
    }
    calls.push(`{"name": ${JSON.stringify(name)}, "arguments": {${args.join(', ')}}}`)
    between.lastIndex = at + 1
    between.exec(text)
    at = between.lastIndex
  }
  behind.lastIndex = at
  return calls.length === 0 || !behind.test(text) ? undefined : { calls, end: behind.lastIndex }
}

const word = /True|False|None|-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const words: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' }
const quoted = /"""((?:[^\\]|\\[^])*?)"""|'''((?:[^\\]|\\[^])*?)'''|"((?:[^"\\\n]|\\[^])*)"|'((?:[^'\\\n]|\\[^])*)'/y
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '\n': '' }
/** Lists and tables stand within one another no deeper. */
const deepest = 32

interface Value {
  readonly json: string
  readonly end: number
}

function valueAt(text: string, at: number, depth = 0): Value | undefined {
  word.lastIndex = quoted.lastIndex = at
  const plain = word.exec(text)?.[0]
  if (plain !== undefined) return { json: words[plain] ?? plain.replaceAll('_', ''), end: word.lastIndex }
  const string = quoted.exec(text)
  if (string !== null) {
    const [, ...inners]: readonly (string | undefined)[] = string
    const inner = inners.find((one) => one !== undefined) ?? ''
    const meant = inner.replaceAll(/\\(?:u([\da-fA-F]{4})|([^]))/g, (whole, hex: string | undefined, sign: string | undefined) => (hex === undefined ? (escapes[sign ?? ''] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16))))
    return { json: JSON.stringify(meant), end: quoted.lastIndex }
  }
  const open = text[at]
  if ((open !== '[' && open !== '{') || depth >= deepest) return undefined
  const close = open === '[' ? ']' : '}'
  const items: string[] = []
  let place = afterBlanks(text, at + 1)
  while (text[place] !== close) {
    const first = valueAt(text, place, depth + 1)
    if (first === undefined) return undefined
    place = afterBlanks(text, first.end)
    if (open === '{') {
      const second = text.charAt(place) === ':' ? valueAt(text, afterBlanks(text, place + 1), depth + 1) : undefined
      if (second === undefined) return undefined
      items.push(`${first.json}: ${second.json}`)
      place = afterBlanks(text, second.end)
    } else items.push(first.json)
    if (text[place] === ',') place = afterBlanks(text, place + 1)
    else if (text[place] !== close) return undefined
  }
  return { json: open + items.join(', ') + close, end: place + 1 }
}

function afterBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '-')) at += 1
  return at
}
