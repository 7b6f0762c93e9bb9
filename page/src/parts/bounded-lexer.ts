import { Lexer, type Token, type TokensList } from 'marked'
import { lenientOptions, withWideSigns } from './lenient-tokenizer.ts'
import { wholeSigns } from './shown.ts'

/** What is deeper within quotations, lists or emphasis is text. A thousand levels would be too many calls within calls, for the parser and for whoever draws them. */
const mostDepth = 16
/** The parser looks through all of such a piece for each of its signs: what is longer is taken piece by piece. */
const mostInline = 2_000

/** Whatever stands in the text, it takes a short time and no more calls within calls than there is room for. */
export class BoundedLexer extends Lexer {
  #depth = 0

  constructor() {
    super(lenientOptions())
    withWideSigns(this as unknown as Parameters<typeof withWideSigns>[0])
  }

  override blockTokens(source: string, tokens?: Token[], lastParagraphClipped?: boolean): Token[]
  override blockTokens(source: string, tokens?: TokensList, lastParagraphClipped?: boolean): TokensList
  override blockTokens(source: string, tokens: Token[] = [], lastParagraphClipped = false): Token[] {
    return this.#within(source, tokens, () => super.blockTokens(source, tokens, lastParagraphClipped))
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    return this.#within(source, tokens, () => {
      for (const piece of piecesOf(source)) super.inlineTokens(piece, tokens)
      return tokens
    })
  }

  #within(source: string, tokens: Token[], work: () => Token[]): Token[] {
    if (this.#depth >= mostDepth) {
      tokens.push({ type: 'text', raw: source, text: source })
      return tokens
    }
    this.#depth += 1
    try {
      return work()
    } finally {
      this.#depth -= 1
    }
  }
}

/** At the end of a line, or else between words, where there is one. */
function piecesOf(source: string): readonly string[] {
  const pieces: string[] = []
  let rest = source
  while (rest.length > mostInline) {
    const part = rest.slice(0, mostInline)
    const end = Math.max(part.lastIndexOf('\n'), part.lastIndexOf(' ')) + 1 || wholeSigns(part).length
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return rest === '' ? pieces : [...pieces, rest]
}
