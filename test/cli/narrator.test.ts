import { describe, expect, test } from 'vitest'
import type { Chat } from '../../src/cli/chat/chat.ts'
import { mail } from '../../src/cli/chat/mail.ts'
import { narrator } from '../../src/cli/chat/narrator.ts'
import { withoutTerminal } from '../../src/cli/chat/piped-console.ts'
import { noColours } from '../../src/cli/output/palette.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import type { TurnEvent } from '../../src/protocol/turn-event.ts'

const figures = { steps: 1, promptTokens: 1_000, cachedTokens: 0, completionTokens: 40, latencyMs: 1_400 }

/** A screen that is read as lines: what was printed, and what grows. */
function screen(options: { readonly thoughts?: boolean } = {}) {
  const printed: string[] = []
  let growing: readonly string[] = []
  let note = ''
  const put = (text: string): void => void printed.push(...text.split('\n'))
  const console = {
    ...withoutTerminal, interactive: true, live: true, wraps: true, palette: noColours, columns: 80, print: put, remark: put,
    growing: (lines: readonly string[]) => void (growing = lines), note: (text: string) => void (note = text), next: () => Promise.resolve(undefined), close: () => undefined,
  }
  const own = mail()
  // What narrates needs neither connection nor outbox, but for calls that wait.
  const chat = { agentId: 'sam', key: 'sam', console, mail: own, shown: { question: undefined, running: undefined, doing: '', parked: false }, thoughts: options.thoughts ?? true, failed: false, leaving: undefined } as unknown as Chat
  const narrate = narrator(chat)
  return { chat, own, printed, resize: (columns: number) => void (console.columns = columns), growing: () => growing, note: () => note, tell: async (...events: readonly TurnEvent[]) => { for (const event of events) await narrate(event) } }
}

const stored = (fields: Partial<StoredMessage> & Pick<StoredMessage, 'seq' | 'role'>): StoredMessage => ({ agentId: 'sam', op: `sam/1/${fields.seq}`, turn: 1, step: 1, text: '', tokens: 1, at: '2026-01-01T00:00:00.000Z', ...fields })
const message = (fields: Parameters<typeof stored>[0]): TurnEvent => ({ type: 'message', id: String(fields.seq), turn: fields.turn ?? 1, seq: fields.seq, message: stored(fields) })
const begun = (turn: number, eventId: string): TurnEvent => ({ type: 'turn', id: `${turn}.turn`, turn, event: { id: eventId, kind: 'user-message', seq: turn } })
const ended = (turn: number, eventId: string): TurnEvent => ({ type: 'end', id: `${turn}.end`, turn, eventId, end: 'completed', figures, replies: [] })
const step = (seq: number): TurnEvent => ({ type: 'step', id: `${seq}.step`, turn: 1, step: 1, seq })
let n = 0
const delta = (kind: 'thoughts' | 'text', text: string, attempt = 1): TurnEvent => ({ type: 'delta', id: `2.${attempt}.${(n += 1)}`, turn: 1, step: 1, seq: 2, attempt, n, kind, text, call: 0 })
const call = (message: string, thoughts = 'Hm.') => ({ id: 'c', name: 'send_message', arguments: JSON.stringify({ inner_thoughts: thoughts, message }) })
const said = (reply: string): TurnEvent[] => [message({ seq: 2, role: 'assistant', calls: [call(reply)] }), message({ seq: 3, role: 'tool', callId: 'c', toolName: 'send_message', text: 'Sent.', reply })]

describe('what is seen of a turn while it is written', () => {
  test('thoughts, then the reply: finished blocks stay, what grows is drawn anew, and in the end each stands there once [live:text cli:chat]', async () => {
    const { own, printed, growing, note, tell, chat } = screen()
    own.expect('a', 'hello')
    chat.shown.question = 'a'
    await tell(begun(1, 'a'), step(2), delta('thoughts', 'H'), delta('thoughts', 'm.'))
    expect(growing()).toEqual(['  · Hm.'])
    await tell(delta('text', 'First **block'))
    // Nothing is for good yet: the inference may be made again.
    expect(printed).toEqual([])
    expect(growing()).toEqual(['  · Hm.', 'sam> First **block'])
    await tell(delta('text', '**.\nAnd on'))
    expect(printed).toEqual(['  · Hm.', 'sam> First **block**.'])
    expect(growing()).toEqual(['     And on'])
    await tell(...said('First **block**.\nAnd on it goes.'), ended(1, 'a'))
    expect(printed).toEqual(['  · Hm.', 'sam> First **block**.', '     And on it goes.'])
    expect(growing()).toEqual([])
    expect(note()).toBe('1 step · 1,000 tokens in, 40 out · 1.4 s')
  })

  test('a reply stays while the model writes on behind it [live:text cli:chat]', async () => {
    const { own, printed, growing, tell, chat } = screen()
    own.expect('a', 'hello')
    chat.shown.question = 'a'
    await tell(begun(1, 'a'), step(2), delta('text', 'Here I am.'), { ...delta('thoughts', 'And now?'), call: 1 } as TurnEvent)
    expect(growing()).toEqual(['sam> Here I am.', '  · And now?'])
    await tell(...said('Here I am.'), ended(1, 'a'))
    expect(printed.filter((line) => line.startsWith('sam>'))).toEqual(['sam> Here I am.'])
    expect(growing()).toEqual([])
  })

  test('what comes after the terminal was resized is as wide as it is then, in the middle of a reply too [live:text cli:chat]', async () => {
    const { printed, growing, tell, chat, resize } = screen()
    chat.shown.question = 'a'
    const long = 'word '.repeat(30).trim()
    const widest = (lines: readonly string[]): number => Math.max(...lines.map((line) => line.length))
    await tell(begun(1, 'a'), step(2), delta('text', `${long}\n`))
    expect(widest(printed)).toBeGreaterThan(70)
    resize(40)
    const before = printed.length
    await tell(delta('text', long))
    expect(widest(growing())).toBeLessThan(40)
    await tell(...said(`${long}\n${long}\n${long}`), ended(1, 'a'))
    expect(widest(printed.slice(before))).toBeLessThan(40)
    expect(printed.slice(before).join(' ').match(/word/g)).toHaveLength(60)
  })

  test('an inference that is made anew begins anew; what can\'t be taken from the screen is said to be void [live:text cli:chat]', async () => {
    const { printed, growing, tell, chat } = screen({ thoughts: false })
    chat.shown.question = 'a'
    await tell(begun(1, 'a'), step(2), delta('text', 'Wrong'), { type: 'reset', id: '2.2.0', turn: 1, step: 1, seq: 2, attempt: 2 })
    expect(growing()).toEqual([])
    expect(printed).toEqual([])
    await tell(delta('text', 'Wrong again\n', 2), { type: 'reset', id: '2.3.0', turn: 1, step: 1, seq: 2, attempt: 3 }, delta('text', 'Right', 3))
    expect(printed).toEqual(['sam> Wrong again', expect.stringContaining('void')])
    await tell(...said('Right.'), ended(1, 'a'))
    expect(printed.slice(2)).toEqual(['sam> Right.'])
  })

  test('thoughts stand there once, also where the inference is made again after its reply began [live:text cli:chat]', async () => {
    const again = (attempt: number): TurnEvent => ({ type: 'reset', id: `2.${attempt}.0`, turn: 1, step: 1, seq: 2, attempt })
    const { printed, growing, tell, chat } = screen()
    chat.shown.question = 'a'
    await tell(begun(1, 'a'), step(2), delta('thoughts', 'Hm.'), delta('text', 'Hel'), again(2))
    expect([printed, growing()]).toEqual([[], []])
    await tell(delta('thoughts', 'Hm.', 2), delta('text', 'Hello\n', 2), again(3), delta('thoughts', 'Hm', 3))
    expect(printed).toEqual(['  · Hm.', 'sam> Hello', expect.stringContaining('void')])
    expect(growing()).toEqual([])
    await tell(delta('thoughts', '.', 3), delta('text', 'Hello again', 3), ...said('Hello again.'), ended(1, 'a'))
    expect(printed.filter((line) => line.includes('Hm.'))).toHaveLength(1)
    expect(printed.at(-1)).toBe('sam> Hello again.')
    const other = screen()
    other.chat.shown.question = 'a'
    await other.tell(begun(1, 'a'), step(2), delta('thoughts', 'Hm.'), delta('text', 'Hel'), again(2), delta('thoughts', 'Well.', 2), delta('text', 'Hi', 2))
    await other.tell(message({ seq: 2, role: 'assistant', calls: [call('Hi.', 'Well.')] }), ...said('Hi.').slice(1), ended(1, 'a'))
    expect(other.printed).toEqual(['  · Well.', 'sam> Hi.'])
  })

  test('no thought is shown after they were switched off in its middle [live:text cli:chat]', async () => {
    const { printed, growing, tell, chat } = screen()
    chat.shown.question = 'a'
    await tell(begun(1, 'a'), step(2), delta('thoughts', 'Hm'))
    chat.thoughts = false
    await tell(delta('thoughts', '.'), delta('text', 'Hello\nthere'))
    expect([printed, growing()]).toEqual([['sam> Hello'], ['     there']])
  })

  test('the stored message is the truth: what does not begin as it was written is shown whole [live:text cli:chat]', async () => {
    const { printed, tell, chat } = screen({ thoughts: false })
    chat.shown.question = 'a'
    await tell(begun(1, 'a'), step(2), delta('text', 'One\nTwo'), ...said('Three'))
    expect(printed).toEqual(['sam> One', expect.stringContaining('not kept'), 'sam> Three'])
  })

  test('what was written and never sent does not stand there as a reply: in a turn that was cancelled, or parked, or goes on [live:text cli:chat]', async () => {
    const notSent = expect.stringContaining('not sent') as string
    const written = [begun(1, 'a'), step(2), delta('text', 'One\nTwo')]
    const shown = async (...events: readonly TurnEvent[]): Promise<readonly string[]> => {
      const { printed, tell, chat } = screen({ thoughts: false })
      chat.shown.question = 'a'
      await tell(...written, ...events)
      return printed
    }
    const park: TurnEvent = { type: 'parked', id: '1.parked', turn: 1, eventId: 'a', reason: 'approval' }
    expect((await shown({ ...ended(1, 'a'), end: 'cancelled' } as TurnEvent)).slice(0, 2)).toEqual(['sam> One', notSent])
    expect(await shown(park, ...said('One\nTwo'), ended(1, 'a'))).toEqual(['sam> One', notSent, 'sam> One', '     Two'])
    expect(await shown(message({ seq: 2, role: 'assistant' }), step(3))).toEqual(['sam> One', expect.stringContaining('void')])
    expect(await shown(...said('One\nTwo'), step(4), ended(1, 'a'))).toEqual(['sam> One', '     Two'])
  })

  test('without a stream whole messages are shown, each thought once [cli:chat]', async () => {
    const { printed, tell, chat } = screen()
    chat.shown.question = 'a'
    await tell(begun(1, 'a'), step(2), ...said('Hello.'), ended(1, 'a'))
    expect(printed).toEqual(['  · Hm.', 'sam> Hello.'])
  })
})

describe('what belongs together stands together', () => {
  test('the results of several calls, each under its own [cli:chat step:parallel-calls]', async () => {
    const { printed, growing, tell, chat } = screen()
    chat.shown.question = 'a'
    const calls = ['a', 'b'].map((id) => ({ id, name: `tool_${id}`, arguments: '{}' }))
    await tell(begun(1, 'a'), step(2), message({ seq: 2, role: 'assistant', calls }))
    expect(growing()).toEqual(['  → tool_a()', '  → tool_b()'])
    await tell(message({ seq: 3, role: 'tool', callId: 'a', text: 'one' }), message({ seq: 4, role: 'tool', callId: 'b', text: 'two', ok: false }))
    expect(printed).toEqual(['  → tool_a()', '  ← one', '  → tool_b()', '  ✗ two'])
  })

  test('an answer and its question, where another one stands between; what is said elsewhere is named [cli:chat]', async () => {
    const { own, printed, tell, chat } = screen({ thoughts: false })
    own.expect('a', 'first?')
    own.expect('b', 'second?')
    chat.shown.question = 'b'
    const turn = (number: number, eventId: string, text: string): TurnEvent[] => [
      begun(number, eventId),
      message({ seq: 10 * number, turn: number, role: 'user', kind: 'user-message', eventId, text }),
      message({ seq: 10 * number + 1, turn: number, role: 'tool', callId: 'c', text: 'Sent.', reply: `to ${text}` }),
      ended(number, eventId),
    ]
    await tell(...turn(1, 'a', 'first?'), ...turn(2, 'b', 'second?'), ...turn(3, 'c', 'third?'))
    expect(printed).toEqual(['you> first?', 'sam> to first?', 'you> second?', 'sam> to second?', '  ! said elsewhere: third?', 'sam> to third?'])
    expect(own.waiting).toBe(0)
  })

  test('a turn that goes on after a park is shown; its reason is said once [cli:chat turn:park-resume]', async () => {
    const { own, printed, tell, chat } = screen({ thoughts: false })
    own.expect('a', 'hello?')
    chat.shown.question = 'a'
    const park: TurnEvent = { type: 'parked', id: '1.parked', turn: 1, eventId: 'a', reason: 'model-unreachable', detail: 'nobody answers' }
    await tell(begun(1, 'a'), park, park)
    expect(printed.filter((line) => line.includes('nobody answers'))).toHaveLength(1)
    expect(await own.standingOf('a')).toBe(park)
    expect(own.waiting).toBe(1)
    await tell(step(2), ...said('Here I am.'), ended(1, 'a'))
    expect(printed.at(-1)).toBe('sam> Here I am.')
    expect(own.waiting).toBe(0)
  })
})
