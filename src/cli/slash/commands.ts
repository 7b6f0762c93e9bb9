import { closestWord } from '../../protocol/closest-word.ts'
import { invalidArgument, type PerdureError } from '../../protocol/errors.ts'
import { columns } from '../output/columns.ts'
import { oneLine } from '../output/text.ts'
import { approve, refuse, waiting } from './approval.ts'
import { edit, history, undo } from './blocks.ts'
import { checkpoints, load, pop, save } from './checkpoints.ts'
import { usageOf, type SlashCommand } from './command.ts'
import { agents, anew, cancel, clear, editor, exit, quit, resume, thoughts } from './control.ts'
import { dump } from './dump.ts'
import { heartbeat, login, memorywarning } from './events.ts'
import { memory } from './memory.ts'
import { model, set } from './model.ts'
import { archival, search } from './search.ts'
import { state } from './state.ts'
import { timer } from './timer.ts'

const help: SlashCommand = {
  name: 'help',
  argument: '[COMMAND]',
  summary: 'shows this, or all about one command',
  words: () => Promise.resolve(slashCommands.map(({ name }) => name)),
  run: (_chat, argument) => (argument === '' ? helpText() : commandHelp(argument.replace(/^\//, '').toLowerCase())),
}

export const slashCommands: readonly SlashCommand[] = [
  help, exit, quit,
  memory, dump, search, archival, edit, history, undo,
  save, load, checkpoints, pop,
  heartbeat, memorywarning, login, timer,
  waiting, approve, refuse,
  state, model, set, thoughts, cancel, resume, agents, anew, editor, clear,
]

/** The command, or what to tell about a name that is none: which one was probably meant. */
export function findSlashCommand(name: string): SlashCommand | { readonly unknown: PerdureError } {
  const found = slashCommands.find((command) => command.name === name)
  if (found) return found
  const meant = meantBy(name, slashCommands.map((command) => command.name))
  const advice = meant === undefined ? '/help shows the commands' : `did you mean /${meant}?`
  const text = `there is no command /${oneLine(name, 40)}; ${advice} (a message that begins with a slash is written with two: //)`
  return { unknown: invalidArgument(text) }
}

/** Few letters leave a typo little room: the beginning of a name counts too, and its letters in another order. */
function meantBy(name: string, names: readonly string[]): string | undefined {
  const letters = (word: string): string => Array.from(word).sort().join('')
  return closestWord(name, names) ?? names.find((known) => name.length > 1 && (known.startsWith(name) || letters(known) === letters(name)))
}

/** @throws PerdureError `invalid-argument` */
function commandHelp(name: string): string {
  const found = findSlashCommand(name)
  if ('unknown' in found) throw found.unknown
  return [usageOf(found), `  ${found.summary}`, ...(found.details ?? '').split('\n').flatMap((line) => (line === '' ? [] : [`  ${line}`]))].join('\n')
}

/** Each line fits a terminal of 80 columns: where a line is broken, nobody sees the columns any more. */
export function helpText(): string {
  return [
    ...columns(slashCommands.map((command) => [usageOf(command), command.summary])),
    'Anything else is a message; one that begins with a slash is written with two.',
    'Enter sends it. Alt-Enter, or \\ before Enter, begins a new line of it.',
    'Tab completes, Ctrl-R finds what you entered, Ctrl-X Ctrl-E opens your editor.',
  ].join('\n')
}
