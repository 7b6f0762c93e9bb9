import { wellFormed } from '../../protocol/well-formed.ts'

/** Hands a text on without parting surrogate pairs: the first half waits for the piece with the second. */
export function wholePairs(onText: (text: string) => void): (piece: string) => void {
  let waiting = ''
  return (piece) => {
    const text = waiting + piece
    const end = isHigh(text.charCodeAt(text.length - 1)) ? text.length - 1 : text.length
    waiting = text.slice(end)
    if (end > 0) onText(wellFormed(text.slice(0, end)))
  }
}

export const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff
