const romans = [['m', 1_000], ['cm', 900], ['d', 500], ['cd', 400], ['c', 100], ['xc', 90], ['l', 50], ['xl', 40], ['x', 10], ['ix', 9], ['v', 5], ['iv', 4], ['i', 1]] as const
const mostRoman = 4_000

/** A number as a list writes it, by the word of WordprocessingML for that. */
export function numberAs(number: number, format: string): string {
  if (format === 'none') return ''
  if (format === 'lowerLetter') return letterOf(number)
  if (format === 'upperLetter') return letterOf(number).toUpperCase()
  if (format === 'lowerRoman') return romanOf(number)
  if (format === 'upperRoman') return romanOf(number).toUpperCase()
  return format === 'decimalZero' ? String(number).padStart(2, '0') : String(number)
}

/** `z`, then `aa`, `bb`. */
const letterOf = (number: number): string => (number < 1 ? String(number) : String.fromCharCode(0x61 + ((number - 1) % 26)).repeat(Math.min(9, Math.ceil(number / 26))))

function romanOf(number: number): string {
  if (number < 1 || number >= mostRoman) return String(number)
  let [rest, written] = [number, '']
  for (const [sign, value] of romans) {
    while (rest >= value) {
      written += sign
      rest -= value
    }
  }
  return written
}
