export const thinkingTags = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['[THINK]', '[/THINK]'],
] as const

/**
 * Separates the thinking at the beginning of a text from the rest. If the chat template wrote the opening tag, the text has only the
 * closing one, at a line's end. If the closing tag is missing, the thinking was cut off.
 */
export function thinkingIn(text: string): { readonly thinking: string; readonly rest: string } {
  const trimmed = text.trim()
  for (const [opening, closing] of thinkingTags) {
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
