/** Shorter ones stay: an example in a text is to be read. */
const example = 200

const begin = /\bdata:[\w.+-]{1,100}\/[\w.+-]{1,100}(?:;[\w.+-]{1,100}=[\w.+-]{1,100}){0,9};base64,/gi
const isOfBytes = Array.from({ length: 128 }, (_, code) => /[A-Za-z0-9+/=%_-]/.test(String.fromCharCode(code)))

/**
 * Pictures and other files that stand within a text as an address, `data:image/png;base64,iVBORw0…`: a mark stays in place of their bytes, of which
 * nobody reads a word, and one picture would be more passages than the text around it. Their end is looked for sign by sign: an expression takes no
 * thirty megabytes of them.
 */
export function withoutData(text: string): string {
  let kept = ''
  let done = 0
  for (const found of text.matchAll(begin)) {
    const from = found.index + found[0].length
    let end = from
    while (isOfBytes[text.charCodeAt(end)] === true) end += 1
    if (end - from < example) continue
    kept += `${text.slice(done, from)}…`
    done = end
  }
  return kept + text.slice(done)
}
