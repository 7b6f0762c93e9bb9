import type { CallToAnswer } from '../../client/call-to-answer.ts'
import { columns } from './columns.ts'
import type { Palette } from './palette.ts'
import { printable } from './printable.ts'
import { beginning, hanging, indented, shortTime } from './text.ts'

/** How much of each text is shown, so that a person sees what to approve. `/dump` shows longer texts whole. */
const shownOfOne = { lines: 30, characters: 3_000 }

const who = { approval: 'waits for your approval', client: 'waits for the program that runs it' } as const

/** The calls that wait, each with all of its arguments. Numbered where there are several. */
export function waitingLines(calls: readonly CallToAnswer[], palette: Palette): string[] {
  return calls.flatMap((call, index) => {
    const number = calls.length > 1 ? `${index + 1}. ` : ''
    const head = `${palette.yellow('?')} ${number}${palette.bold(printable(call.name))} ${who[call.for]}, until ${shortTime(call.until)}`
    return [head, ...argumentLines(call).map((line) => indented(line, 4))]
  })
}

function argumentLines({ arguments: args }: CallToAnswer): string[] {
  const names = Object.keys(args)
  const width = Math.max(0, ...names.map((name) => name.length))
  return columns(names.map((name) => [printable(name), hanging(valueText(args[name]), width + 2)]))
}

const valueText = (value: unknown): string => beginning(typeof value === 'string' && value !== '' ? value : JSON.stringify(value), shownOfOne)

/** The answers that a person can give in the chat. */
export function answerHint(calls: readonly CallToAnswer[], palette: Palette): string | undefined {
  const approvals = calls.filter((call) => call.for === 'approval')
  const [first] = approvals
  if (first === undefined) return undefined
  const number = calls.length > 1 ? ' N' : ''
  const [name] = Object.keys(first.arguments).toSorted((one, other) => valueText(first.arguments[other]).length - valueText(first.arguments[one]).length)
  const change = name === undefined ? '' : `, /approve${number} {${JSON.stringify(name)}: …} changes it first`
  return palette.dim(`  /approve${number} lets it run${change}, /refuse${number} REASON does not`)
}
