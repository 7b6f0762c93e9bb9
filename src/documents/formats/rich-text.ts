import { withRaised } from '../blocks.ts'
import { attribute, type Attributes } from './xml.ts'

/** A text of a sheet that is written in pieces of different looks, without how its Japanese is pronounced. */
export class RichText {
  #text = ''
  /** Its last characters: to look at those of a text to which pieces are put again and again costs as much as all of it. */
  #end = ''
  #inText = false
  #spoken = 0
  #isRaised = false
  #piece = ''

  open(name: string, attributes: Attributes): void {
    if (name === 'rPh') this.#spoken += 1
    else if (name === 'r') this.#isRaised = false
    else if (name === 'vertAlign') this.#isRaised = attribute(attributes, 'val') === 'superscript'
    else if (name === 't') {
      this.#inText = true
      this.#piece = ''
    }
  }

  words(text: string): void {
    if (this.#inText && this.#spoken === 0) this.#piece += text
  }

  close(name: string): void {
    if (name === 'rPh') this.#spoken -= 1
    else if (name === 't') {
      this.#inText = false
      const added = this.#isRaised ? withRaised(this.#end, this.#piece).slice(this.#end.length) : this.#piece
      this.#text += added
      this.#end = (this.#end + added).slice(-6)
      this.#piece = ''
    }
  }

  /** The text; another one begins. */
  take(): string {
    const text = this.#text
    this.#text = this.#end = ''
    this.#isRaised = false
    return text
  }
}

/** `_x000D_`: how Office writes a character that XML has no place for. */
export const unescaped = (text: string): string => text.replaceAll(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
