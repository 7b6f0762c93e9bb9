/** How a format writes the digits of a whole number among other signs, `000-00-0000`: each place is a digit, or a sign. */
interface Mask {
  readonly places: readonly { readonly sign: string; readonly isDigit: boolean }[]
  /** For which numbers it is; undefined for all others. */
  readonly holds: ((number: number) => boolean) | undefined
}

export type Masks = readonly Mask[]

const tests: Readonly<Record<string, (number: number, limit: number) => boolean>> = {
  '<=': (number, limit) => number <= limit, '<': (number, limit) => number < limit, '>=': (number, limit) => number >= limit, '>': (number, limit) => number > limit, '=': (number, limit) => number === limit, '<>': (number, limit) => number !== limit,
}

/** Numbers of telephones, of insurances and of articles, whose digits a format parts; undefined where it is none of such. */
export function masksOf(code: string): Masks | undefined {
  const sections = (code.match(/(?:"[^"]*"|\\.|[^;"\\])+/g) ?? []).slice(0, 2).map(maskOf)
  const first = sections[0]
  if (first === undefined) return undefined
  // A second section is for numbers below nothing, where the first one does not say for which it is.
  const masks = first.holds === undefined ? [first] : sections.filter((mask) => mask !== undefined)
  return masks.some(({ places }) => isParted(places)) ? masks : undefined
}

function maskOf(section: string): Mask | undefined {
  const places: { sign: string; isDigit: boolean }[] = []
  let holds: Mask['holds']
  const token = /"([^"]*)"|\\(.)|\[(<=|>=|<>|<|>|=)(\d{1,15})\]|\[[^\]]*\]|_.|([#0])|([^])/gu
  for (const [, quoted, escaped, sign, limit, digit, other] of section.matchAll(token)) {
    if (sign !== undefined) holds = (number) => tests[sign]?.(number, Number(limit)) ?? false
    else if (digit !== undefined) places.push({ sign: digit, isDigit: true })
    else if (quoted !== undefined || escaped !== undefined) for (const one of quoted ?? escaped ?? '') places.push({ sign: one, isDigit: false })
    // Fractions, decimal places, dates and texts are shown as numbers.
    else if (other !== undefined) {
      if (!/[-() :]/.test(other)) return undefined
      places.push({ sign: other, isDigit: false })
    }
  }
  return { places, holds }
}

const isParted = (places: Mask['places']): boolean => {
  const [first, last] = [places.findIndex(({ isDigit }) => isDigit), places.findLastIndex(({ isDigit }) => isDigit)]
  return first >= 0 && places.slice(first, last).some(({ isDigit }) => !isDigit)
}

/** The digits of a whole number in their places, from the last one on; undefined for a number that has none of these. */
export function masked(masks: Masks, number: number): string | undefined {
  const mask = masks.find(({ holds }) => holds === undefined || holds(number))
  if (mask === undefined || !Number.isSafeInteger(number) || number < 0) return undefined
  const digits = Array.from(String(number))
  const first = mask.places.findIndex(({ isDigit }) => isDigit)
  let written = ''
  for (let at = mask.places.length - 1; at >= 0; at -= 1) {
    const { sign = '', isDigit = false } = mask.places[at] ?? {}
    if (!isDigit) written = sign + written
    else {
      const digit = digits.pop() ?? (sign === '0' ? '0' : '')
      // Those for which there are no more places.
      written = (at === first ? digits.splice(0).join('') : '') + digit + written
    }
  }
  return written.trim()
}
