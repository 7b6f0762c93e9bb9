export const thinkingTags = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['[THINK]', '[/THINK]'],
  ['<reasoning>', '</reasoning>'],
  ['<thought>', '</thought>'],
  ['<seed:think>', '</seed:think>'], // Seed-OSS
  ['<mm:think>', '</mm:think>'], // MiniMax
  ['◁think▷', '◁/think▷'], // Kimi
  ['<|START_THINKING|>', '<|END_THINKING|>'], // Command
  ['<|channel>thought', '<channel|>'], // Gemma
] as const

export interface Thinking {
  readonly thinking: string
  readonly rest: string
}

/**
 * Separates the thinking at the beginning of a text from the rest. If the chat template wrote the opening tag, the text has only the
 * closing one, at a line's end. If the closing tag is missing, the thinking was cut off.
 */
export function thinkingIn(text: string): Thinking {
  const trimmed = text.trim()
  if (/^(?:<\|start\|>assistant)?<\|channel\|>/.test(trimmed)) return inChannels(trimmed)
  const unmarked = inBareChannels(trimmed)
  if (unmarked !== undefined) return unmarked
  for (const [opening, closing] of thinkingTags) {
    const opened = trimmed.startsWith(opening)
    const end = trimmed.indexOf(closing)
    const after = trimmed.charAt(end + closing.length)
    if (end >= 0 && (opened || after === '' || after === '\n')) {
      const thinking = trimmed.slice(opened ? opening.length : 0, end).trim()
      const rest = withoutMarks(trimmed.slice(end + closing.length).trim())
      if (!thinkingTags.some(([another]) => rest.startsWith(another))) return { thinking, rest }
      // It thinks on.
      const more = thinkingIn(rest)
      return { thinking: `${thinking}\n\n${more.thinking}`.trim(), rest: more.rest }
    }
    if (opened) return { thinking: trimmed.slice(opening.length).trim(), rest: '' }
  }
  return { thinking: '', rest: trimmed }
}

/** Command puts marks around its reply too. */
const withoutMarks = (text: string): string => text.replace(/^<\|START_RESPONSE\|>/, '').replace(/<\|END_RESPONSE\|>$/, '').trim()

/** The form of gpt-oss whose server has left its marks out: `analysisWe need ….assistantfinalHello`. No sentence begins so, and only the whole is taken for it. */
function inBareChannels(text: string): Thinking | undefined {
  if (!/^analysis(?=["“'(*]|\p{Lu}|\d)/u.test(text)) return undefined
  const [thinking = '', rest, ...more] = text.slice('analysis'.length).split('assistantfinal')
  if (rest === undefined || more.length > 0) return undefined
  return { thinking: thinking.split('assistantanalysis').map((part) => part.trim()).join('\n\n'), rest: rest.trim() }
}

/** The form of gpt-oss, where its server leaves it as it is: `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…`. */
function inChannels(text: string): Thinking {
  const found: { readonly [Kind in keyof Thinking]: string[] } = { thinking: [], rest: [] }
  for (const [, channel = '', words = ''] of text.matchAll(/<\|channel\|>(\w*)[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>([^]*?)(?=<\|(?:end|return|call|start|channel)\|>|$)/g)) {
    found[channel === 'final' ? 'rest' : 'thinking'].push(words.trim())
  }
  return { thinking: found.thinking.join('\n\n').trim(), rest: found.rest.join('\n\n').trim() }
}
