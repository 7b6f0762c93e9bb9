import { graphemesOf } from '../terminal/graphemes.ts'

/** Where the character before this place begins. */
export function before(text: string, place: number): number {
  return place - (graphemesOf(text.slice(lineStart(text, place), place)).at(-1)?.length ?? Math.min(1, place))
}

/** Where the character at this place ends. */
export function after(text: string, place: number): number {
  const rest = text.slice(place, lineEnd(text, place))
  return rest === '' ? Math.min(text.length, place + 1) : place + (graphemesOf(rest)[0]?.length ?? 0)
}

export const lineStart = (text: string, place: number): number => text.lastIndexOf('\n', place - 1) + 1

export function lineEnd(text: string, place: number): number {
  const end = text.indexOf('\n', place)
  return end === -1 ? text.length : end
}
