import { beginningOf } from '../protocol/well-formed.ts'

/** A natural piece of a document as its format has it: a paragraph, a section's text, a function, a record. */
export interface Part {
  readonly text: string
  /** From 1, where the format has pages. */
  readonly page?: number
  /** From 1, of the document's text. */
  readonly firstLine?: number
  /** Headings above it, outermost first; of source code the names that enclose it. */
  readonly heading?: string
}

/** Given as they are read, so that a large document is never there as a whole. */
export type Parts = Iterable<Part> | AsyncIterable<Part>

export const headingSeparator = ' › '

/** The headings in force while a document is read from its beginning to its end. */
export class Headings {
  readonly #inForce: { readonly level: number; readonly text: string }[] = []

  /** @param level 1 is the outermost */
  enter(level: number, text: string): void {
    while ((this.#inForce.at(-1)?.level ?? 0) >= level) this.#inForce.pop()
    const title = text.replaceAll(/\s+/g, ' ').trim()
    if (title !== '') this.#inForce.push({ level, text: beginningOf(title, 200) })
  }

  get path(): string | undefined {
    return this.#inForce.length === 0 ? undefined : this.#inForce.map(({ text }) => text).join(headingSeparator)
  }
}
