import type { MarkdownConfig } from '@lezer/markdown'

/** Of writing systems that put blanks between words; elsewhere what is emphasised stands close to what is not. */
const wordCharacter = '[\\p{N}\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}'
const before = new RegExp(`${wordCharacter})]$`, 'u')
const behind = new RegExp(`^${wordCharacter}]`, 'u')
const digitBehind = /^\p{N}/u

/**
 * Stars that multiply (`5*3*2`, `(a+b)*c*d`) or raise (`2**10`) stay what they are. In a conversation a star within a word is far more often one of
 * these than emphasis of a part of the word; an underscore there is literal by Markdown's own rules.
 */
export const literalStars: MarkdownConfig = {
  parseInline: [
    {
      name: 'LiteralStars',
      before: 'Emphasis',
      parse: (context, next, place) => {
        if (next !== star) return -1
        let end = place + 1
        while (context.char(end) === star) end += 1
        // A character may be of two halves.
        const [left, right] = [context.slice(Math.max(context.offset, place - 2), place), context.slice(end, Math.min(context.end, end + 2))]
        const literal = before.test(left) && (end - place === 1 ? behind : digitBehind).test(right)
        return literal ? end : -1
      },
    },
  ],
}

const star = '*'.charCodeAt(0)
