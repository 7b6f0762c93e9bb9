const tags = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['[THINK]', '[/THINK]'],
] as const

/**
 * Parts the thinking at a text's head from the rest. A template may have written the opening tag: then only the closing one is there, at
 * a line's end. Thinking that is never closed was cut off.
 */
export function thinkingIn(text: string): { readonly thinking: string; readonly rest: string } {
  const trimmed = text.trim()
  for (const [opening, closing] of tags) {
    const opened = trimmed.startsWith(opening)
    const end = trimmed.indexOf(closing)
    const after = trimmed.charAt(end + closing.length)
    if (end >= 0 && (opened || after === '' || after === '\n')) {
      return { thinking: trimmed.slice(opened ? opening.length : 0, end).trim(), rest: trimmed.slice(end + closing.length).trim() }
    }
    if (opened) return { thinking: trimmed.slice(opening.length).trim(), rest: '' }
  }
  return { thinking: '', rest: trimmed }
}
