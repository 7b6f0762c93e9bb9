import { factsIn } from './facts.ts'

const request =
  /^(?:(?:please|hey|ok|okay|also)[\s,]+)*(?:remember|note|make a note|keep in mind|don't forget|do not forget|for later|write down|save (?:this|that))\b(?: that\b| this\b| of\b)?\s*[:,]?\s*(.+)/isu

/** A note that the user wants kept and that is no fact about the user: "remember that the door code is 4711". */
export function noteIn(text: string): string | undefined {
  const note = request.exec(text.replaceAll('’', "'").trim())?.[1]?.trim()
  if (note === undefined || note.endsWith('?') || factsIn(note).length > 0) return undefined
  return `${note.charAt(0).toUpperCase()}${note.slice(1)}`
}
