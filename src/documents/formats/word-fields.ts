import { meantBy } from './symbol-fonts.ts'

/**
 * What Word shows of a field that keeps no result: these have their words, sign or formula in the instruction itself. Others without a result show nothing,
 * such as entries of an index.
 */
export function shownBy(instruction: string): string {
  const [, kind = '', rest = ''] = /^\s*([a-z]+)\s+(.*)$/is.exec(instruction) ?? []
  if (/^(?:macrobutton|gotobutton)$/i.test(kind)) return rest.replace(/^\S+\s*/, '').trim()
  if (/^symbol$/i.test(kind)) return symbol(rest)
  return /^eq$/i.test(kind) ? equation(rest) : ''
}

/** `183 \f "Symbol"`: a number, in the font's set, that of Windows, or in Unicode (`\u`). */
function symbol(rest: string): string {
  const [, number = ''] = /^(0x[\da-f]+|\d+)/i.exec(rest) ?? []
  const code = Number(number)
  if (number === '' || code > 0x10ffff) return ''
  const font = /\\f\s*"?([^"\\]+)"?/i.exec(rest)?.[1]?.trim() ?? ''
  const isUnicode = /\\u(?![a-z])/i.test(rest)
  return meantBy(font, code) ?? (isUnicode || code > 0xff ? String.fromCodePoint(code) : new TextDecoder('windows-1252').decode(Uint8Array.of(code)))
}

const mostParsed = 2_000
/** The innermost part: its switch, the switches that say how it looks, and what it is made of. */
const innermost = /\\([a-z])[a-z]*\s*\d*((?:\s*\\[a-z]+(?:\s*\d+|\\?[^\sa-z\d(\\])?){0,10})\s*\(([^()]*)\)/i
/** Brackets that stay, while those of the parts go; and what begins a part that is raised. */
const [opening, closing, raised] = ['\ue000', '\ue001', '\ue002']

/** `\f(1,2)` is `1/2`. What is drawn over something, as a circle around a number, is read with it. */
function equation(rest: string): string {
  const [, given = ''] = /^(?:\s*\\\*\s*(?:"[^"]*"|\w+))*(.*)$/s.exec(rest) ?? []
  let text = given
  while (text.length <= mostParsed && innermost.test(text)) text = text.replace(innermost, (_, kind: string, looks: string, inner: string) => saidOf(kind.toLowerCase(), looks, inner.split(/\s*[,;]\s*/)))
  return text.replaceAll(/\\[a-z]+\d*/gi, ' ').replaceAll(raised, '').replaceAll(opening, '(').replaceAll(closing, ')').replaceAll(/\s+/g, ' ').trim()
}

function saidOf(kind: string, looks: string, parts: readonly string[]): string {
  const [first = '', second] = parts
  const bracketed = (part: string): string => (/^[\p{L}\p{N}.]*$/u.test(part) ? part : `${opening}${part}${closing}`)
  if (kind === 'f') return `${bracketed(first)}/${bracketed(second ?? '')}`
  if (kind === 'r') return second === undefined ? `√${bracketed(first)}` : `√[${first}]${bracketed(second)}`
  if (kind === 'b') return `${opening}${parts.join(', ')}${closing}`
  if (kind === 'i') return ` ∫_${bracketed(first)}^${bracketed(second ?? '')} ${parts[2] ?? ''} `
  if (kind === 's' && /\\up/i.test(looks)) return `${raised}${first}`
  // So Word has written readings above words.
  if (kind === 'o' && first.startsWith(raised)) return `${parts.slice(1).join('')} [${first.slice(1)}]`
  return parts.join(kind === 'o' || kind === 's' ? '' : kind === 'a' ? ' ' : ', ')
}
