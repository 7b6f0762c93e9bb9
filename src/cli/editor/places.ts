import { firstGrapheme, lastGrapheme } from '../terminal/graphemes.ts'

/** Where the character before this place begins. */
export function before(text: string, place: number): number {
  return place - (lastGrapheme(text.slice(lineStart(text, place), place)).length || Math.min(1, place))
}

/** Where the character at this place ends. */
export function after(text: string, place: number): number {
  return Math.min(text.length, place + (firstGrapheme(text.slice(place, lineEnd(text, place))).length || 1))
}

export const lineStart = (text: string, place: number): number => text.lastIndexOf('\n', place - 1) + 1

export function lineEnd(text: string, place: number): number {
  const end = text.indexOf('\n', place)
  return end === -1 ? text.length : end
}
