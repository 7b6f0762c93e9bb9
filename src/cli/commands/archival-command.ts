import { text as readAll } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { PassageInput } from '../../client/archival-methods.ts'
import type { PassageView } from '../../client/passage-view.ts'
import { readConfig } from '../../config/config.ts'
import type { PerdureClient } from '../../index.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import { assertKnownSource } from '../input/known-source.ts'
import { personHere } from '../input/person.ts'
import { wholeNumberOption } from '../input/whole-number-option.ts'
import { byWordsAloneLines } from '../output/by-words-alone.ts'
import { asJson, printJson, printList, type JsonOption } from '../output/json-lines.ts'
import { passageLines } from '../output/passage-lines.ts'
import { withAgents } from '../with-agents.ts'

interface ArchivalOptions extends JsonOption {
  readonly tag?: readonly string[]
  readonly source?: string
  readonly from?: string
  readonly to?: string
  readonly superseded?: true
  readonly limit: number
  readonly offset: number
  readonly by?: string
  readonly id?: string
}

interface Request {
  readonly client: PerdureClient
  readonly agent: string
  readonly words: readonly string[]
  readonly options: ArchivalOptions
}

interface Action {
  readonly run: (request: Request) => Promise<void>
  /** What it heeds beside `--json`; all else is refused, so that nobody takes what it does for what was asked for. */
  readonly heeds: readonly (keyof ArchivalOptions)[]
  /** It asks the embedding model. */
  readonly embeds?: true
}

const page = ['limit', 'offset', 'superseded'] as const
const change = ['by', 'id'] as const

const actions: Readonly<Record<string, Action>> = {
  list: { run: list, heeds: [...page, 'source'] },
  search: { run: search, embeds: true, heeds: [...page, 'source', 'tag', 'from', 'to'] },
  show: { run: show, heeds: [] },
  insert: { run: insert, embeds: true, heeds: [...change, 'tag'] },
  edit: { run: edit, embeds: true, heeds: [...change, 'tag'] },
  supersede: { run: supersede, embeds: true, heeds: [...change, 'tag'] },
  delete: { run: remove, heeds: change },
}

const explanation = `
  list                     the newest passages
  search WORDS             by meaning and words, best first; by words alone, and it says so,
                           while the embedding model is away
  show PASSAGE             one passage, and where it comes from
  insert TEXT              a new one
  edit PASSAGE TEXT        corrects one: it stays where it is, and its earlier text is gone
  supersede PASSAGE TEXT   puts a new one in its place: the former is kept, and found no more
  delete PASSAGE           deletes one for good
PASSAGE is the id that the list shows. A TEXT of "-" is read from standard input.`

/** `archival`: an agent's passages, for a person. */
export function addArchivalCommand(program: Command): void {
  asJson(program.command('archival'))
    .argument('<agent>', 'the agent')
    .argument('<action>', Object.keys(actions).join(', '))
    .argument('[words...]', 'what the action is about')
    .description("an agent's archival memory: looks into it, and changes it")
    .option('--tag <tag...>', 'of a new or changed passage; of a search: only passages with one of these')
    .option('--source <source>', 'of a list or a search: only passages of this source: agent, page_out, person, or the name of a document')
    .option('--from <time>', 'of a search: only passages of this time (ISO 8601) or later')
    .option('--to <time>', 'of a search: only passages from before this time')
    .option('--superseded', 'of a list or a search: superseded passages too')
    .option('--limit <number>', 'of a list or a search: so many at the most', wholeNumberOption, 20)
    .option('--offset <number>', 'of a list or a search: leaves out so many at the beginning', wholeNumberOption, 0)
    .option('--by <name>', 'of a change: who makes it (default: the user of this machine)')
    .option('--id <id>', 'of a change: names it; said again under the same id it does nothing twice')
    .addHelpText('after', explanation)
    .action(async (agent: string, action: string, words: readonly string[], options: ArchivalOptions, command: Command) => {
      const does = Object.hasOwn(actions, action) ? actions[action] : undefined
      if (does === undefined) throw invalidArgument(`${JSON.stringify(action)} is nothing that archival does; it does ${Object.keys(actions).join(', ')}`)
      refuseUnheeded(command, action, does)
      await withAgents(readConfig(process.env), ({ connection: { client } }) => does.run({ client, agent, words, options }), { worker: 'unneeded', use: does.embeds === true ? 'vectors' : 'client' })
    })
}

function refuseUnheeded(command: Command, action: string, { heeds }: Action): void {
  const heeded = new Set<string>([...heeds, 'json'])
  for (const option of command.options) {
    const name = option.attributeName()
    if (heeded.has(name) || command.getOptionValueSource(name) !== 'cli') continue
    const others = Object.entries(actions).flatMap(([other, does]) => (does.heeds.some((known) => known === name) ? [other] : []))
    throw invalidArgument(`${action} takes no ${option.long ?? name}; it is for ${others.join(', ')}`)
  }
}

async function list({ client, agent, words, options }: Request): Promise<void> {
  if (words.length > 0) throw invalidArgument('list takes no words; `search` does')
  const { limit, offset, superseded, source } = options
  const passages = await client.passages(agent, { limit, offset, ...(superseded && { superseded }), ...(source !== undefined && { source }) })
  if (source !== undefined && passages.length === 0) await assertKnownSource(client, agent, source)
  printPassages(passages, options)
}

async function search({ client, agent, words, options }: Request): Promise<void> {
  const { tag: tags, source, from, to, superseded, limit, offset } = options
  const filters = { ...(tags && { tags }), ...(source !== undefined && { source }), ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(superseded && { superseded }) }
  const { passages, byWordsAlone } = await client.searchArchival(agent, { text: words.join(' '), limit, offset, ...filters })
  if (source !== undefined && passages.length === 0) await assertKnownSource(client, agent, source)
  printPassages(passages, options, { byWordsAlone })
}

async function show({ client, agent, words, options }: Request): Promise<void> {
  printPassages([await client.passage(agent, passageIn(words))], options, { whole: true })
}

interface Shown {
  readonly whole?: true
  readonly byWordsAlone?: true | undefined
}

/** For programs with the passage's id under the name that the help has for it, too. */
export function listOf(passages: readonly PassageView[], { byWordsAlone, ...shown }: Shown = {}) {
  return {
    items: passages.map((passage) => ({ id: passage.op, ...passage, ...(byWordsAlone && { byWordsAlone }) })),
    lines: () => [...byWordsAloneLines(byWordsAlone), ...(passages.length === 0 ? ['No passage.'] : passages.flatMap((passage) => passageLines(passage, shown)))],
  }
}

function printPassages(passages: readonly PassageView[], options: JsonOption, shown?: Shown): void {
  const { items, lines } = listOf(passages, shown)
  printList(items, options, lines)
}

async function insert({ client, agent, words, options }: Request): Promise<void> {
  report(options, await client.insertPassage(agent, await textIn(words), inputOf(options)), ({ op }) => `Inserted as ${op ?? ''}.`)
}

async function edit({ client, agent, words: [passage, ...words], options }: Request): Promise<void> {
  report(options, await client.editPassage(agent, passageIn(named(passage)), await textIn(words), inputOf(options)), () => `Edited ${passage ?? ''}.`)
}

async function supersede({ client, agent, words: [passage, ...words], options }: Request): Promise<void> {
  report(options, await client.supersedePassage(agent, passageIn(named(passage)), await textIn(words), inputOf(options)), ({ op }) => `${op ?? ''} has taken the place of ${passage ?? ''}.`)
}

async function remove({ client, agent, words, options }: Request): Promise<void> {
  const passage = passageIn(words)
  const { by, commandId } = inputOf(options)
  report(options, await client.deletePassage(agent, passage, { ...(by !== undefined && { by }), ...(commandId !== undefined && { commandId }) }), () => `Deleted ${passage}.`)
}

type Done = { readonly op?: string; readonly already: boolean }

function report(options: JsonOption, done: Done, sentence: (done: Done) => string): void {
  if (options.json === true) printJson([done])
  else process.stdout.write(`${sentence(done)}${done.already ? ' It was done before; nothing was changed now.' : ''}\n`)
}

function inputOf({ tag: tags, by = personHere(), id }: ArchivalOptions): PassageInput {
  return { by, ...(tags && { tags }), ...(id !== undefined && { commandId: id }) }
}

const named = (passage: string | undefined): readonly string[] => (passage === undefined ? [] : [passage])

function passageIn(words: readonly string[]): string {
  const [passage] = words
  if (passage !== undefined && words.length === 1) return passage
  throw invalidArgument('name one passage by its id, as `perdure archival AGENT list` shows it')
}

const textIn = async (words: readonly string[]): Promise<string> => (words.length === 1 && words[0] === '-' ? readAll(process.stdin) : words.join(' '))
