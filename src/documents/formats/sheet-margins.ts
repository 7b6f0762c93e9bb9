/** Elements of a sheet that hold what stands above and below its pages. */
export const isMargin = (name: string): boolean => /^(?:odd|even|first)(?:Header|Footer)$/.test(name)

/** Letters of what only says which page it is: `Page of`. */
const mostOfNumber = 12

/** The texts of the left, the middle and the right of it, without the signs for looks, dates and names of files: `&L&"Arial,Bold"Harbour report&RPage &P`. */
export function pageTexts(written: string): string[] {
  return written.split(/(?<!&)&[LCR]/).flatMap((text) => {
    const isNumbered = /&[PN]/.test(text)
    const words = text.replaceAll(/&(?:"[^"]*"|K(?:[0-9A-F]{6}|\d\d[+-]\d{3})|\d{1,3}|[A-Z])/g, '').replaceAll('&&', '&').replaceAll(/\s+/g, ' ').trim()
    return !/\p{L}/u.test(words) || (isNumbered && words.length <= mostOfNumber) ? [] : [words]
  })
}
