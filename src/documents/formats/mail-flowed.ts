/**
 * A text whose lines were broken for the way (`format=flowed`), as it was written: a line that ends in a blank goes on in the next one, where that is quoted
 * as deeply. The parser of mail leaves the marks of quoted lines within the sentences.
 */
export function unflowed(text: string, deletesBlanks: boolean): string {
  const paragraphs: { depth: number; words: string; goesOn: boolean }[] = []
  for (const line of text.split(/\r?\n/)) {
    const depth = /^>*/.exec(line)?.[0].length ?? 0
    const stuffed = line.slice(depth).replace(/^ /, '')
    const isSignature = stuffed === '-- '
    const goesOn = stuffed.endsWith(' ') && !isSignature
    const words = goesOn && deletesBlanks ? stuffed.slice(0, -1) : stuffed
    const last = paragraphs.at(-1)
    if (last?.goesOn === true && last.depth === depth && !isSignature) {
      last.words += words
      last.goesOn = goesOn
    } else paragraphs.push({ depth, words, goesOn })
  }
  return paragraphs.map(({ depth, words }) => (depth === 0 ? words : `${'>'.repeat(depth)} ${words}`)).join('\n')
}
