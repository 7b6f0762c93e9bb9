import { wellFormed, withoutHalf } from '../../protocol/well-formed.ts'

/** Hands a text on without parting surrogate pairs: the first half waits for the piece with the second. */
export function wholePairs(onText: (text: string) => void): (piece: string) => void {
  let waiting = ''
  return (piece) => {
    const text = waiting + piece
    const whole = withoutHalf(text)
    waiting = text.slice(whole.length)
    if (whole !== '') onText(wellFormed(whole))
  }
}
