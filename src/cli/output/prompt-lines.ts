import type { ChatMessage, StepPrompt } from '../../index.ts'
import type { Palette } from './palette.ts'
import { printable } from './printable.ts'
import { counted, shortTime } from './text.ts'
import { marksText, windowTable } from './window-table.ts'

/** A step's prompt, whole, with what fills it and whether it is the very one. */
export function promptLines(prompt: StepPrompt, palette: Palette): string[] {
  const { turn, step, cause, at, seq, request, madeOf } = prompt
  const head = `turn ${turn}, step ${step} (${printable(cause)}), answered by message #${seq}, ${shortTime(at)}`
  const settings = [`at most ${counted(request.maxOutputTokens, 'token')} of answer`, ...Object.entries(request.sampling ?? {}).map(([name, value]) => `${name} ${JSON.stringify(value)}`)]
  return [
    ...digestLines(prompt, palette),
    palette.bold(head),
    `${printable(request.model)}, version ${madeOf.definition} of the definition, ${printable(settings.join(', '))}`,
    ...windowTable(partsOf(prompt), prompt.contextWindow).map((line) => `  ${line}`),
    `  ${marksText(prompt, prompt.contextWindow)}${reported(prompt)}`,
    palette.bold(counted(request.messages.length, 'message')),
    ...request.messages.flatMap((message) => [palette.dim(`[${roleOf(message)}]`), ...textsOf(message).map(printable)]),
    palette.bold(counted(request.tools.length, 'tool')),
    request.tools.map(({ name }) => printable(name)).join(', '),
  ]
}

function digestLines({ exact, digest, missing }: StepPrompt, palette: Palette): string[] {
  if (exact) return [palette.green(`This is the very prompt: its digest is the one that the step has kept (${digest.kept.slice(0, 16)}…).`)]
  const why = missing.length === 0 ? ['Something that it was made of has been altered.'] : missing.map((part) => `Not in the stores any more: ${printable(part)}.`)
  return [palette.red(`This is not the prompt that the model had: the digest kept is ${digest.kept.slice(0, 16)}…, this one's is ${digest.rebuilt.slice(0, 16)}….`), ...why]
}

function partsOf({ tokens }: StepPrompt): (readonly [string, number])[] {
  return [
    ['instructions', tokens.instructions],
    ['tools', tokens.tools],
    ['core memory', tokens.coreMemory],
    ...Object.entries(tokens.blocks).map(([label, block]) => [`  ${printable(label)}`, block] as const),
    ['statistics', tokens.statistics],
    ['summary', tokens.summary],
    ['message queue', tokens.queue],
    ['prompt', tokens.total],
  ]
}

const reported = ({ usage, tokens }: StepPrompt): string =>
  usage === undefined || usage.promptTokens === tokens.total ? '' : `; the provider counted ${usage.promptTokens.toLocaleString('en-US')} for the prompt`

const roleOf = (message: ChatMessage): string => (message.role === 'tool' ? `result of ${printable(message.toolCallId)}` : message.role)

const textsOf = (message: ChatMessage): readonly string[] => [
  ...(message.content === '' ? [] : [message.content]),
  ...(message.role === 'assistant' ? message.toolCalls.map(({ id, name, arguments: written }) => `→ ${name} ${written} (${id})`) : []),
]
