/**
 * Joins words that are parted at the ends of lines. A soft hyphen always was such a parting. After a hyphen the rest is joined where it begins
 * with a small letter; the hyphen stays where the text writes that word with one elsewhere (`well-known`).
 */
export class HyphenJoiner {
  readonly #hyphenated = new Set<string>()

  /** @returns the lines; what belongs to the line before is joined to it */
  join(lines: readonly string[], { wholeLines }: { readonly wholeLines: boolean }): string[] {
    for (const line of lines) for (const [word] of line.matchAll(/\p{L}{1,40}-\p{Ll}{1,40}/gu)) this.#hyphenated.add(word.toLowerCase())
    const joined: string[] = []
    for (const line of lines) {
      const before = joined.at(-1)
      const open = before === undefined ? null : /(\p{L}{1,40})([-\u00ad\u2010])$/u.exec(before)
      const rest = /^\s*(\p{Ll}{1,40})\S*/u.exec(line)
      if (before === undefined || open === null || rest === null || (inColumns.test(before) && inColumns.test(line))) {
        joined.push(line)
        continue
      }
      const [, begin = '', sign] = open
      const keeps = sign !== '\u00ad' && this.#hyphenated.has(`${begin}-${rest[1] ?? ''}`.toLowerCase())
      const base = keeps ? before : before.slice(0, -1)
      const moved = wholeLines ? line.trimStart() : rest[0].trimStart()
      joined[joined.length - 1] = base + moved
      // Where lines are counted, only the rest of the word moves up.
      if (!wholeLines) joined.push(line.slice(rest[0].length).trimStart())
    }
    return joined
  }
}

/** Rows of a table: what stands at the end of one goes on in no other. Lines that are set to one width have fewer blanks between words. */
const inColumns = /\S(?: {3}|\t)\s{0,200}\S/

/** A text whose lines stay as many as they were. Soft hyphens within lines go too: no reader sees them. */
export function joinHyphens(text: string): string {
  if (!/[-\u00ad\u2010]\n/.test(text)) return text.replaceAll('\u00ad', '')
  return new HyphenJoiner().join(text.split('\n'), { wholeLines: false }).join('\n').replaceAll('\u00ad', '')
}
