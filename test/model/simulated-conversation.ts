import type { ChatMessage, ChatModel, ModelReply, ModelTool } from '../../src/model/model.ts'
import { defaults } from '../../src/protocol/definition.ts'
import { simulatedModel } from '../../src/testing.ts'

/** The little of a runtime that the simulated model needs to show what it does: a prompt, and tools that answer as the real ones. */
export interface Conversation {
  readonly blocks: Map<string, string>
  readonly passages: { readonly at: string; readonly text: string }[]
  readonly recall: { readonly at: string; readonly from: string; readonly text: string }[]
  /** Every step of the last turn. */
  readonly steps: readonly ModelReply[]
  summary: string
  now: string
  say(text: string): Promise<string>
  event(type: string, text?: string): Promise<string>
  /** Puts an event into the queue without running a turn. */
  queue(type: string, text: string): void
  /** Empties the queue, as compaction would; recall keeps all. */
  evict(): readonly ChatMessage[]
  callsOf(step: number): readonly (readonly [name: string, args: Record<string, unknown>])[]
}

const tools: readonly ModelTool[] = defaults.tools.map((name) => ({ name, description: name, parameters: { type: 'object' } }))
const never = new AbortController().signal
const pageSize = 5

export function conversation(
  options: { readonly human?: string; readonly persona?: string; readonly blockLimit?: number; readonly model?: ChatModel } = {},
): Conversation {
  const { human = '', persona = 'I am a helpful agent.', blockLimit = 2_000, model = simulatedModel() } = options
  let queue: ChatMessage[] = []
  let steps: ModelReply[] = []

  const system = (): string => {
    const blocks = [...self.blocks].map(
      ([label, value]) => `<block label="${label}" description="about ${label}" used="${value.length}" limit="${blockLimit}">\n${value}\n</block>`,
    )
    return `Instructions.\n<core_memory>\n${blocks.join('\n')}\n</core_memory>\n<external_memory>\nrecall: ${self.recall.length}\n</external_memory>`
  }

  const found = (noun: string, page: number, all: readonly { readonly at: string; readonly from: string; readonly text: string }[]): string => {
    if (all.length === 0) return `No ${noun} found. Try other words.`
    const start = (page - 1) * pageSize
    const lines = all.slice(start, start + pageSize).map(({ at, from, text }) => `[${at.slice(0, 16).replace('T', ' ')} UTC] ${from}: ${text}`)
    return [
      `Showing ${start + 1}-${start + lines.length} of ${all.length} ${noun} (page ${page} of ${Math.ceil(all.length / pageSize)})`,
      ...lines,
    ].join('\n')
  }

  const words = (text: string): readonly string[] => text.toLowerCase().match(/\w{3,}/g) ?? []
  const matching = <Item extends { readonly text: string }>(items: readonly Item[], query: string): readonly Item[] =>
    items.filter((item) => words(query).some((word) => words(item.text).includes(word))).toReversed()

  /** @throws Error whose message is the tool's error */
  const run = (name: string, args: Record<string, unknown>): string => {
    const text = (key: string): string => (typeof args[key] === 'string' ? args[key] : '')
    const page = typeof args.page === 'number' ? args.page : 1
    const block = self.blocks.get(text('label')) ?? ''
    const store = (value: string): string => {
      if (value.length > blockLimit)
        throw new Error(
          `block "${text('label')}" has a limit of ${blockLimit} characters; this would be ${value.length}, ${value.length - blockLimit} too many`,
        )
      self.blocks.set(text('label'), value)
      return 'Done.'
    }
    switch (name) {
      case 'send_message':
        return 'Sent.'
      case 'core_memory_append':
        return store(block === '' ? text('content') : `${block}\n${text('content')}`)
      case 'core_memory_replace':
        if (!block.includes(text('old_content'))) throw new Error('the old text is not in the block')
        return store(block.replace(text('old_content'), text('new_content')))
      case 'archival_memory_insert':
        self.passages.push({ at: self.now, text: text('content') })
        return 'Stored in archival memory.'
      case 'archival_memory_search':
        return found(
          'passages',
          page,
          matching(self.passages, text('query')).map((passage) => ({ ...passage, from: 'agent' })),
        )
      case 'conversation_search':
        return found('results', page, matching(self.recall.slice(0, -1), text('query')))
      case 'conversation_search_date':
        return found(
          'results',
          page,
          self.recall.filter(({ at }) => at.slice(0, 10) >= text('start_date') && at.slice(0, 10) <= text('end_date')).toReversed(),
        )
      default:
        throw new Error(`no tool ${name}`)
    }
  }

  const turn = async (): Promise<string> => {
    steps = []
    const replies: string[] = []
    for (let heartbeat = true; heartbeat;) {
      if (steps.length >= 6) throw new Error('the turn does not end')
      const summary: ChatMessage[] = self.summary === '' ? [] : [{ role: 'system', content: `<summary>\n${self.summary}\n</summary>` }]
      const messages: ChatMessage[] = [{ role: 'system', content: system() }, ...summary, ...queue]
      const reply = await model.complete({ model: 'perdure-simulated', messages, tools, maxOutputTokens: 1_000 }, never)
      steps.push(reply)
      queue.push({ role: 'assistant', content: reply.text, toolCalls: reply.toolCalls })
      heartbeat = false
      for (const call of reply.toolCalls) {
        const args = JSON.parse(call.arguments) as Record<string, unknown>
        heartbeat ||= args.request_heartbeat === true
        let result: { status: string; message: string }
        try {
          result = { status: 'ok', message: run(call.name, args) }
        } catch (error) {
          result = { status: 'error', message: (error as Error).message }
          heartbeat = true
        }
        queue.push({ role: 'tool', toolCallId: call.id, content: JSON.stringify({ ...result, time: self.now }) })
        if (call.name === 'send_message') {
          replies.push(args.message as string)
          self.recall.push({ at: self.now, from: 'you', text: args.message as string })
        }
      }
    }
    return replies.join('\n---\n')
  }

  const self: Conversation = {
    blocks: new Map([
      ['persona', persona],
      ['human', human],
    ]),
    passages: [],
    recall: [],
    summary: '',
    now: '2026-11-21T10:00:00Z',
    get steps() {
      return steps
    },
    async say(text) {
      self.queue('user_message', text)
      self.recall.push({ at: self.now, from: 'user', text })
      return turn()
    },
    async event(type, text = '') {
      self.queue(type, text)
      return turn()
    },
    queue(type, text) {
      queue.push({ role: 'user', content: JSON.stringify({ type, time: self.now, message: text }) })
    },
    evict() {
      const evicted = queue
      queue = []
      return evicted
    },
    callsOf: (step) => (steps[step]?.toolCalls ?? []).map((call) => [call.name, JSON.parse(call.arguments) as Record<string, unknown>] as const),
  }
  return self
}
