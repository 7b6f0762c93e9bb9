/**
 * A key without the blanks around it, as it is copied out of a page, without the quotation marks that a file of variables may leave around it, and without the word
 * that stands before it in a header; and what in it no header can hold: a quotation mark of another alphabet, an ellipsis, a
 * line's end within. The libraries that send it would repeat it whole in their errors.
 */
export function sendableKey(given: string): { readonly key: string; readonly problem?: string } {
  const key = unquoted(unquoted(given).replace(/^Bearer\s+/i, ''))
  const odd = /[^\x20-\x7e\x80-\xff]/u.exec(key)?.[0].codePointAt(0)
  if (odd === undefined) return { key }
  return { key, problem: `has a character that no request can send (U+${odd.toString(16).toUpperCase().padStart(4, '0')}): copy it anew` }
}

const unquoted = (text: string): string => (/^(['"])([^]*)\1$/.exec(text.trim())?.[2] ?? text).trim()
