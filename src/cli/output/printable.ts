/**
 * Text of a model, a user or a file made safe for a terminal: what could move the cursor, change colours, set the window's title
 * or turn the writing round is shown as a sign in its place. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(dangerous, visible)
}

// C0 without tab and line break, DEL, C1, line and paragraph separators, and the marks that override the direction of writing.
// eslint would have control characters written out of a literal; they are what this is about.
const dangerous = new RegExp('[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]', 'g')

/** U+2400 to U+2421 are the pictures of the C0 characters and DEL. */
function visible(character: string): string {
  const code = character.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}
