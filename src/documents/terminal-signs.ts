/** Colours, movements of the cursor, sets of letters and addresses of links, as programs write them for terminals. */
const signs = /\u001b(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|[\]PX^_][^\u0007\u001b\n]{0,2000}(?:\u0007|\u001b\\)|[#%(-+\-./][0-~]|[6-9=>DEHMNOZc])/gu

/** A text as a terminal shows it: such signs would be parts of its words. */
export function withoutTerminalSigns(text: string): string {
  const plain = text.includes('\u001b') ? text.replaceAll(signs, '') : text
  return plain.includes('\u0008') ? plain.split('\n').map((line) => (line.includes('\u0008') ? struck(line) : line)).join('\n') : plain
}

/** Each backspace takes a character: a letter that a printer strikes twice (`N\bN`, `_\bN`), or a number that another takes the place of (`10%\b\b\b20%`). */
function struck(line: string): string {
  const kept: string[] = []
  for (const character of line) {
    if (character === '\u0008') kept.pop()
    else kept.push(character)
  }
  return kept.join('')
}
