import { isRecord } from '../protocol/is-record.ts'
import { parsedJson } from '../protocol/json.ts'

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
  ['<unused94>thought', '<unused95>'], // MedGemma
  ['<|begin_of_thought|>', '<|end_of_thought|>'], // OpenThinker, Sky-T1
  ['<|inner_prefix|>', '<|inner_suffix|>'], // Apertus
  ['<longcat_think>', '</longcat_think>'],
  ['<|thinking|>', '<|/thinking|>'],
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
  const channels = inChannels(trimmed) ?? inBareChannels(trimmed)
  if (channels !== undefined) return channels
  const begun = thinkingTags.find(([opening]) => trimmed.startsWith(opening))
  for (const [opening, own] of begun === undefined ? thinkingTags : [begun]) {
    const opened = trimmed.startsWith(opening)
    const other = opened && !trimmed.includes(own) ? otherEnd.exec(trimmed) : null
    const closing = other?.[0] ?? own
    const end = other?.index ?? trimmed.indexOf(own)
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
  return { thinking: '', rest: withoutMarks(trimmed) }
}

/**
 * Some models end their thoughts by another's mark than they have begun them. In a sentence such a mark is a word of the thoughts: one that ends them stands
 * at a line's end, or between the end of a sentence and the first word of the reply.
 */
const otherEnd = /<\/(?:think|thinking|thought|reasoning)>(?:(?=[ \t]*(?:\n|$))|(?<=[.!?…。！？]<\/\w{1,9}>)(?=[\p{L}\p{N}{<[*#]))/u

/** A mark at which a reply or a turn ends. One that a sentence is about has a blank, or a sign that begins something, before it. */
const endOfTurn = /(?:(?<=^|\n|[^\s([{=:<`“‘«])|(?<=[.!?…。！？][ \t]{1,4}))(?:<\|(?:END_RESPONSE|end_of_solution|im_end|eot_id|eom_id|endoftext|end_of_text|end_of_turn)\|>|<end_of_turn>|<｜end▁of▁sentence｜>|<\/s>)$/

/** Some put marks around their replies too, and some servers leave the mark at which a model's turn ends. */
function withoutMarks(text: string): string {
  const own = text.replace(/^<\|(?:START_RESPONSE|begin_of_solution)\|>/, '')
  // A word that is struck out in HTML ends so.
  return (own.endsWith('</s>') && own.includes('<s>') ? own : own.replace(endOfTurn, '')).trim()
}

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

/** A mark, and the few words that stand behind it in the head of a message. */
const mark = /<\|(?:start|channel|constrain)\|>\s{0,4}[\w.-]{0,128}(?:\s{0,4}(?:to=[^\s<]{1,128}|json|code)){0,4}\s{0,4}/.source
const headOfMessage = new RegExp(`((?:${mark}){1,4})<\\|message\\|>`, 'g')
const endOfMessage = new RegExp(`<\\|(?:end|return|call)\\|>\\s{0,4}(?:${mark}){0,4}$`)
const endMark = /<\|(?:end|return|call)\|>/

/**
 * The form of gpt-oss, where its server leaves it as it is: `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…`. What is
 * for a tool is a call: `<|channel|>commentary to=functions.search <|constrain|>json<|message|>{…}<|call|>`. What the model makes up of others is not read.
 * Only a text that begins with such a head, of which the server may have taken the first mark away, is of this form: in any other one the marks are words,
 * and so they are in a reply. Where it ends: a head in a call's arguments, written out in full, breaks the call.
 */
function inChannels(text: string): Thinking | undefined {
  const whole = text.startsWith('to=') ? `<|start|>assistant ${text}` : /^(?:analysis|commentary|final)\b/.test(text) ? `<|channel|>${text}` : text
  const heads = [...whole.matchAll(headOfMessage)].map(({ 0: { length }, 1: head = '', index }) => ({ ...headOf(head), index, end: index + length }))
  if (heads[0]?.index !== 0 || isOfOthers(heads[0])) return undefined
  const found: { readonly [Kind in keyof Thinking]: string[] } = { thinking: [], rest: [] }
  for (const [at, { recipient, channel, end }] of heads.entries()) {
    const later = heads.slice(at + 1)
    const isReply = channel === 'final' && recipient === undefined
    const next = isReply ? later.find(isOfOthers) : later[0]
    const words = whole.slice(end, next?.index).trim().replace(endOfMessage, '').trim()
    if (recipient !== undefined && isArguments(words)) found.rest.push(callOf(recipient, words))
    else found[channel === 'final' ? 'rest' : 'thinking'].push(words)
    // No call comes behind a reply: one that stands there is quoted.
    if (isReply || (next !== undefined && isOfOthers(next))) break
  }
  const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n')
  return { thinking: joined(found.thinking), rest: joined(found.rest) }
}

interface Head {
  readonly role: string | undefined
  readonly recipient: string | undefined
  readonly channel: string
}

const headOf = (head: string): Head => ({
  role: /<\|start\|>\s*([\w.-]+)/.exec(head)?.[1],
  recipient: /\bto=([\w.-]{1,128})/.exec(head)?.[1],
  channel: /<\|channel\|>\s*(\w*)/.exec(head)?.[1] ?? 'final',
})

const isOfOthers = ({ role }: Head): boolean => role !== undefined && role !== 'assistant'

/** They may be cut off, or be broken, which the model is told. A call that the model quotes has more words behind its end. */
const isArguments = (words: string): boolean => words === '' || (words.startsWith('{') && (!endMark.test(words) || isRecord(parsedJson(words))))

/** In the form in which calls are read from texts. Arguments that were cut off stay so. */
const callOf = (recipient: string, args: string): string => `{"name": ${JSON.stringify(recipient.replace(/^functions\./, ''))}, "arguments": ${args === '' ? '{}' : args}}`
