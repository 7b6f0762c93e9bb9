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
 * Separates the thinking at the beginning of a text from the rest. Of gpt-oss' form, which its server has left in the text, calls are part of the rest, as
 * JSON on lines of their own. If the chat template wrote the opening tag, the text has only the
 * closing one, at a line's end. If the closing tag is missing, the thinking was cut off.
 */
export function thinkingIn(text: string): Thinking {
  const trimmed = text.trim()
  if (hasChannels(trimmed)) return inChannels(trimmed)
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
  if (!/^(?:analysis(?=["“'(*]|\p{Lu}|\d)|commentary to=)/u.test(text)) return undefined
  const thinking: string[] = []
  const rest: string[] = []
  let replies = 0
  for (const part of text.split(/assistant(?=final|analysis|commentary to=)/)) {
    const call = /^commentary to=([\w.-]{1,128})\s*(?:json|code)?\s*(?=\{)/.exec(part)
    if (call !== null) rest.push(callOf(call[1] ?? '', part.slice(call[0].length)))
    else if (part.startsWith('analysis')) thinking.push(part.slice('analysis'.length).trim())
    else if (part.startsWith('final')) {
      replies += 1
      rest.push(part.slice('final'.length).trim())
    } else return undefined
  }
  return rest.length === 0 || replies > 1 ? undefined : { thinking: thinking.join('\n\n'), rest: rest.join('\n\n') }
}

/** It begins with a head of such a message, of which the server may have taken the first mark away, or has one behind the end of another. */
const hasChannels = (text: string): boolean => /^(?:<\|start\|>assistant\b|(?:to=\S{1,128}\s*)?<\|channel\|>|(?:analysis|commentary|final)\b[^<\n]{0,160}(?:<\|constrain\|>[^<\n]{0,20})?<\|message\|>)|<\|(?:end|call|return)\|>\s*<\|start\|>assistant\b/.test(text)

const headAndWords = /((?:<\|(?:start|channel|constrain)\|>[^<]*)+)<\|message\|>([^]*?)(?=<\|(?:end|return|call|start|channel)\|>|$)/g

/**
 * The form of gpt-oss, where its server leaves it as it is: `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…`. What is
 * for a tool is a call: `<|channel|>commentary to=functions.search <|constrain|>json<|message|>{…}<|call|>`. What the model makes up of others is not read.
 */
function inChannels(text: string): Thinking {
  const whole = text.startsWith('to=') ? `<|start|>assistant ${text}` : /^(?:analysis|commentary|final)\b/.test(text) ? `<|channel|>${text}` : text
  const found: { readonly [Kind in keyof Thinking]: string[] } = { thinking: [], rest: [] }
  const first = whole.search(/<\|(?:start|channel)\|>/)
  // A reply whose own head the server has taken away.
  found.rest.push(whole.slice(0, first).replaceAll(/<\|(?:end|call|return)\|>/g, '').trim())
  for (const [, head = '', words = ''] of whole.matchAll(headAndWords)) {
    const role = /<\|start\|>\s*(\w+)/.exec(head)?.[1]
    if (role !== undefined && role !== 'assistant') break
    const recipient = /\bto=([\w.-]{1,128})/.exec(head)?.[1]
    const channel = /<\|channel\|>\s*(\w*)/.exec(head)?.[1] ?? 'final'
    const isCall = recipient !== undefined && /^\s*(?:\{|$)/.test(words)
    if (isCall) found.rest.push(callOf(recipient, words.trim()))
    else found[channel === 'final' ? 'rest' : 'thinking'].push(words.trim())
  }
  const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n')
  return { thinking: joined(found.thinking), rest: joined(found.rest) }
}

/** In the form in which calls are read from texts. Arguments that were cut off stay so. */
const callOf = (recipient: string, args: string): string => `{"name": ${JSON.stringify(recipient.replace(/^functions\./, ''))}, "arguments": ${args === '' ? '{}' : args}}`
