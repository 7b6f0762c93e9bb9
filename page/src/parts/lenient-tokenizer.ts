import { Tokenizer, type MarkedOptions, type Tokens } from 'marked'

/** Signs of scripts without blanks between words, after which a word goes on as after a letter: `**重要：**内容`. */
const wideSigns = String.raw`\u2018-\u201d\u3001-\u303f\uff00-\uffef`
/** Where an address ends that is written without a blank behind it. */
const addressEnd = new RegExp(`[${wideSigns}]`, 'u')
/** Within a paragraph, which a blank line ends. */
const formula = /^\\\((?:[^\n]|\n(?!\s*\n))+?\\\)|^\\\[(?:[^\n]|\n(?!\s*\n))+?\\\]/
const formulaBlock = /^ {0,3}(\$\$|\\\[)((?:[^\n]|\n(?![ \t]*\n))+?)(?:\$\$|\\\])[ \t]*(?:\n+|$)/

/**
 * Markdown as models write it, beside what its rules say. Nothing that was written is lost: what the rules take away where nobody meant markup (a single `~`
 * between figures, the strokes of a formula) stays.
 */
export class LenientTokenizer extends Tokenizer {
  /** `~2000 of ~5000` and `5~7` mean no strokes. */
  override del(...given: Parameters<Tokenizer['del']>): Tokens.Del | undefined {
    return given[0].startsWith('~~') ? super.del(...given) : undefined
  }

  override url(source: string): Tokens.Link | undefined {
    const end = source.search(addressEnd)
    return super.url(end === -1 ? source : source.slice(0, end))
  }

  /** A formula is shown as it was written: `\(` would be a bracket else. */
  override escape(source: string): Tokens.Escape | undefined {
    const [raw] = formula.exec(source) ?? []
    return raw === undefined ? super.escape(source) : { type: 'escape', raw, text: raw }
  }

  override fences(source: string): Tokens.Code | undefined {
    const [raw, open, text = ''] = formulaBlock.exec(source) ?? []
    if (raw === undefined || (open === '$$') !== raw.trimEnd().endsWith('$$')) return super.fences(source)
    return { type: 'code', raw, lang: 'formula', text: text.replace(/^[ \t]*\n|\n[ \t]*$/g, '') }
  }
}

/** What a lexer is made with. Its rules are its own: a tokenizer belongs to one lexer. */
export const lenientOptions = (): MarkedOptions => ({ gfm: true, breaks: true, tokenizer: new LenientTokenizer() })

const lenient = (rule: RegExp): RegExp => new RegExp(rule.source.replaceAll(String.raw`\p{P}\p{S}`, String.raw`[[\p{P}\p{S}]--[${wideSigns}]]`), rule.flags.replace('u', 'v'))
const changed = new Map<RegExp, RegExp>()

/** To be called once the lexer is made, which has given its tokenizer its rules. */
export function withWideSigns({ tokenizer }: { readonly tokenizer: Tokenizer }): void {
  const { inline } = tokenizer.rules
  const own = { ...inline }
  for (const name of ['emStrongLDelim', 'emStrongRDelimAst', 'punctuation'] as const) {
    const rule = inline[name]
    if (!changed.has(rule)) changed.set(rule, lenient(rule))
    own[name] = changed.get(rule) ?? rule
  }
  tokenizer.rules = { ...tokenizer.rules, inline: own }
}
