import { attribute, type Attributes } from './xml.ts'

/**
 * What Office writes in two forms, the newer one (`Choice`) before the one for programs of before (`Fallback`). The older is read where the newer says
 * nothing, and where it says more than that a program of before does not show it.
 */
export class TwoForms {
  readonly #open: { isSaid: boolean }[] = []

  open(name: string, attributes: Attributes): void {
    const form = this.#open.at(-1)
    if (name === 'AlternateContent') this.#open.push({ isSaid: false })
    // Charts of newer kinds: the older form of each is one and the same sentence.
    else if (name === 'Choice' && form !== undefined && /^cx/.test(attribute(attributes, 'Requires') ?? '')) form.isSaid = true
  }

  close(name: string): void {
    if (name === 'AlternateContent') this.#open.pop()
  }

  /** Words were said. */
  say(words: string): void {
    if (words.trim() === '') return
    for (const form of this.#open) form.isSaid = true
  }

  /** Whether what begins was said already, in the newer form. */
  isSaid(name: string): boolean {
    return name === 'Fallback' && this.#open.at(-1)?.isSaid === true
  }
}
