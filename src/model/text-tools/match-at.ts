export interface Match extends RegExpExecArray {
  /** Where it ends in the text. */
  readonly end: number
}

/** What a sticky pattern matches at a place, or a global one behind it: neither keeps a place of its own from one text to the next. */
export function matchAt(pattern: RegExp, text: string, at: number): Match | undefined {
  pattern.lastIndex = at
  const match = pattern.exec(text)
  return match === null ? undefined : Object.assign(match, { end: match.index + match[0].length })
}
