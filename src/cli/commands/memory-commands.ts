import type { Command } from 'commander'
import { blockOf } from '../../client/write-block.ts'
import { readConfig } from '../../config/config.ts'
import type { MessageQuery, PerdureClient, StoredMessage } from '../../index.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import { wholeNumberOption } from '../input/whole-number-option.ts'
import { blocksList, blockVersionText } from '../output/block-lines.ts'
import { columns } from '../output/columns.ts'
import { byWordsAloneLines } from '../output/by-words-alone.ts'
import { foundHead } from '../output/found-head.ts'
import { asJson, printJson, printList, type JsonOption } from '../output/json-lines.ts'
import { messageText } from '../output/message-lines.ts'
import { paletteFor } from '../output/palette.ts'
import { printable } from '../output/printable.ts'
import { shortTime } from '../output/text.ts'
import { withAgents } from '../with-agents.ts'

interface PageOptions extends JsonOption {
  readonly limit: number
  readonly after?: number
  readonly before?: number
  readonly search?: string
  readonly offset?: number
}

/** `blocks`, `messages` and `checkpoints`: an agent's memory, for whoever looks at it from outside of the chat. They need no worker. */
export function addMemoryCommands(program: Command): void {
  const agent = ['<agent>', 'the agent'] as const
  asJson(program.command('blocks').argument(...agent).argument('[block]', 'this one, whole').description("lists the blocks of an agent's core memory, or shows one"))
    .option('--versions', 'every version of the block, newest first')
    .action(showBlocks)
  asJson(program.command('messages').argument(...agent).description('shows the latest messages of recall memory, or a page of earlier ones'))
    .option('--limit <number>', 'so many at the most', wholeNumberOption, 20)
    .option('--before <number>', 'the latest before this sequence number', wholeNumberOption)
    .option('--after <number>', 'the first after this sequence number', wholeNumberOption)
    .option('--search <words>', 'those that have any of these words, and those nearest by meaning that have left the context, the best first')
    .option('--offset <number>', 'of a search: behind so many of the best', wholeNumberOption)
    .action(showMessages)
  asJson(program.command('checkpoints').argument(...agent).description('lists the checkpoints of an agent; /save in a chat makes one')).action(async (name: string, json: JsonOption) => {
    const saved = await looking((client) => client.checkpoints(name))
    printList(saved, json, () => (saved.length === 0 ? ['There is no checkpoint.'] : columns([['CHECKPOINT', 'SAVED'], ...saved.map(({ name: checkpoint, at }) => [printable(checkpoint), shortTime(at)])])))
  })
}

const looking = <Found>(use: (client: PerdureClient) => Promise<Found>): Promise<Found> => withAgents(readConfig(process.env), ({ connection: { client } }) => use(client), { worker: 'unneeded' })

async function showBlocks(agent: string, label: string | undefined, { versions, ...json }: JsonOption & { readonly versions?: true }): Promise<void> {
  if (versions === true) {
    if (label === undefined) throw invalidArgument('--versions needs the name of a block')
    const found = await looking((client) => client.blockHistory(agent, label))
    const palette = paletteFor(process.stdout)
    printList(found, json, () => (found.length === 0 ? ['The block was never written; it has its first value.'] : found.map((version) => blockVersionText(version, palette)))); return;
  }
  const blocks = await looking((client) => client.blocks(agent))
  if (label === undefined) { printList(blocks, json, blocksList); return; }
  const block = blockOf(agent, blocks, label)
  printList([block], json, () => [printable(block.value)])
}

async function showMessages(agent: string, { json, ...wanted }: PageOptions): Promise<void> {
  const { messages, near, byWordsAlone, head, more } = await looking((client) => pageOf(client, agent, wanted))
  if (json === true) { printJson(messages.map((message) => ({ ...message, ...(near?.includes(message.seq) === true && { near: true }), ...(byWordsAlone && { byWordsAlone }) }))); return; }
  const palette = paletteFor(process.stdout)
  const lines = messages.length === 0 ? ['No message.'] : messages.map((message) => messageText(message, palette, near))
  if (head !== undefined) lines.unshift(head)
  lines.unshift(...byWordsAloneLines(byWordsAlone))
  if (more !== undefined) lines.push(palette.dim(`There are more: perdure messages ${agent} ${more}`))
  process.stdout.write(`${lines.join('\n')}\n`)
}

interface ShownPage {
  readonly messages: readonly StoredMessage[]
  /** Numbers of those that were found by meaning alone. */
  readonly near?: readonly number[] | undefined
  /** Meaning was to be looked at, and could not be. */
  readonly byWordsAlone?: true
  /** What was found in all. */
  readonly head?: string
  /** The options that lead to the next page. */
  readonly more?: string
}

/** Oldest first, but for a search. */
export async function pageOf(client: PerdureClient, agent: string, { limit, before, after, search, offset }: Omit<PageOptions, 'json'>): Promise<ShownPage> {
  if (offset !== undefined && search === undefined) throw invalidArgument('--offset goes with --search: other pages begin at a sequence number (--before, --after)')
  if (after !== undefined) {
    if (before !== undefined || search !== undefined) throw invalidArgument('--after goes with --limit only: a search goes on with --offset')
    const messages = await client.messages(agent, { after, limit })
    const last = messages.at(-1)
    return { messages, ...(messages.length === limit && last !== undefined && { more: `--after ${last.seq}` }) }
  }
  const earlier = { ...(before !== undefined && { before }) }
  if (search !== undefined) return searchPage(client, agent, { limit, text: search, offset: offset ?? 0, ...earlier })
  const { total, messages } = await client.searchRecall(agent, { limit, ...earlier })
  const oldest = messages.at(-1)
  return { messages: messages.toReversed(), ...(total > messages.length && oldest !== undefined && { more: `--before ${oldest.seq}` }) }
}

async function searchPage(client: PerdureClient, agent: string, query: Pick<MessageQuery, 'limit' | 'offset' | 'before'> & { readonly text: string }): Promise<ShownPage> {
  const found = await client.searchRecall(agent, query)
  const { total, messages, near } = found
  const alone = found.byWordsAlone && { byWordsAlone: found.byWordsAlone }
  if (messages.length === 0 && query.offset === 0) return { messages, ...alone }
  const next = query.offset + messages.length
  const follows = messages.length > 0 && next < total + (near?.length ?? 0)
  const options = [`--search '${query.text.replaceAll("'", `'\\''`)}'`, `--offset ${next}`, `--limit ${query.limit}`, ...(query.before === undefined ? [] : [`--before ${query.before}`])]
  return { messages, near, ...alone, head: `${foundHead(found, query.offset)}:`, ...(follows && { more: options.join(' ') }) }
}
