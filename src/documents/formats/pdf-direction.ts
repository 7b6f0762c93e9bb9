/** What the file draws at once, and where; a blank has no place. */
export interface Run {
  readonly text: string
  readonly place: { readonly left: number; readonly right: number } | undefined
}

const fromTheRight = /[\p{Script=Hebrew}\p{Script=Arabic}]/u
const letters = /[\p{Script=Hebrew}\p{Script=Arabic}]/gu
const others = /(?![\p{Script=Hebrew}\p{Script=Arabic}])\p{L}/gu

/** Whether a text has letters of Hebrew or Arabic, which go on to the left. */
export const isFromTheRight = (text: string): boolean => fromTheRight.test(text)

/** Whether most letters go on to the left. */
export function isMostlyFromTheRight(pieces: readonly { readonly text: string }[]): boolean {
  const text = pieces.map((piece) => piece.text).join('')
  return isFromTheRight(text) && (text.match(letters)?.length ?? 0) > (text.match(others)?.length ?? 0)
}

/**
 * The words of a line as they are read. Browsers draw lines of Hebrew and Arabic as they are seen, from the left: each word, or letter, is then to the right
 * of what is read after it.
 */
export function inReadingOrder(runs: readonly Run[]): string {
  if (runs.length < 2 || !runs.some(({ text }) => isFromTheRight(text))) return textOf(runs)
  const placed = runs.filter(({ text, place }) => place !== undefined && isFromTheRight(text))
  const asSeen = placed.slice(1).filter(({ place }, index) => (place?.left ?? 0) >= (placed[index]?.place?.right ?? 0) - 1).length
  if (placed.length < 2 || asSeen < (placed.length - 1) / 2) return textOf(runs)
  const text = textOf(runs)
  // In a line of another language only its own words are turned about, else all but those of the other language.
  return !isMostlyFromTheRight([{ text }]) ? textOf(turned(runs, (run) => isFromTheRight(run.text))) : textOf(turned(runs.toReversed(), (run) => !isFromTheRight(run.text) && /[\p{L}\p{N}]/u.test(run.text)))
}

/** Letters in the form that they have at the beginning, in the middle or at the end of a word are letters. */
const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('').replaceAll(/[\ufb1d-\ufdff\ufe70-\ufefc]+/g, (forms) => forms.normalize('NFKC'))

/** Stretches that begin and end with such a run, each the other way about; blanks and signs may stand within. */
function turned(runs: readonly Run[], isSuch: (run: Run) => boolean): Run[] {
  const all: Run[] = []
  for (let at = 0; at < runs.length; ) {
    const first = runs[at] as Run
    if (!isSuch(first)) {
      all.push(first)
      at += 1
      continue
    }
    let end = at + 1
    for (let next = end; next < runs.length; next += 1) {
      const run = runs[next] as Run
      if (isSuch(run)) end = next + 1
      else if (/[\p{L}\p{N}]/u.test(run.text)) break
    }
    for (let last = end - 1; last >= at; last -= 1) all.push(runs[last] as Run)
    at = end
  }
  return all
}
