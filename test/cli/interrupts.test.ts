import { expect, describe, test } from 'vitest'
import type { Chat, Shown, Work } from '../../src/cli/chat/chat.ts'
import { interruptMoves } from '../../src/cli/chat/interrupts.ts'
import { mail } from '../../src/cli/chat/mail.ts'
import { cancelWork, workOf } from '../../src/cli/chat/work.ts'

/** Presses Ctrl-C at those times, with that at work. */
function presses(...moments: readonly (readonly [now: number, work?: Work])[]): readonly string[] {
  const moveOf = interruptMoves()
  return moments.map(([now, work]) => moveOf({ now, work }).type)
}

describe('Ctrl-C where no line is typed', () => {
  const [one, next] = [{ turn: 1, eventId: 'a' }, { turn: 2, eventId: 'b' }]

  test('cancels a turn at the first press, also right after another turn was cancelled; the second press for the same one leaves [cli:chat turn:cancel]', () => {
    expect(presses([0, one], [60_000, next])).toEqual(['cancel', 'cancel'])
    expect(presses([0, one], [200, next], [400, next])).toEqual(['cancel', 'cancel', 'leave'])
    expect(presses([0, one], [60_000, one])).toEqual(['cancel', 'leave'])
  })

  test('means the same message before and after its turn has begun [cli:chat turn:cancel]', () => {
    expect(presses([0, { eventId: 'a' }], [9_000, one])).toEqual(['cancel', 'leave'])
    expect(presses([0, { eventId: 'a' }], [9_000, next])).toEqual(['cancel', 'cancel'])
  })

  test('warns where nothing is at work, and leaves when it is pressed again soon [cli:chat]', () => {
    expect(presses([0], [1_000])).toEqual(['warn', 'leave'])
    expect(presses([0], [4_000])).toEqual(['warn', 'warn'])
    expect(presses([0, one], [1_000])).toEqual(['cancel', 'leave'])
    expect(presses([0, one], [4_000])).toEqual(['cancel', 'warn'])
    expect(presses([0], [1_000, one])).toEqual(['warn', 'cancel'])
  })
})

describe('what a cancel is meant for', () => {
  /** A chat whose agent answers to a look with each of these in turn, and is at the last of them then. */
  function chatWith(...running: readonly (Work | undefined)[]) {
    const shown: Shown = { question: undefined, running: undefined, doing: '', parked: false }
    const own = mail()
    const cancels: unknown[] = []
    const looks = [...running]
    const client = {
      state: () => Promise.resolve({ mailbox: [], running: looks.length > 1 ? looks.shift() : looks[0] }),
      cancel: (_agent: string, options?: { readonly turn?: number }) => {
        cancels.push(options?.turn)
        return Promise.resolve(options?.turn === looks[0]?.turn)
      },
    }
    return { cancels, shown, own, chat: { agentId: 'sam', connection: { client }, mail: own, shown } as unknown as Chat }
  }
  const never = new AbortController().signal

  test('the turn that is shown, and no other one, however late the cancel comes [cli:chat turn:cancel]', async () => {
    const { chat, shown, own, cancels } = chatWith({ turn: 2, eventId: 'b' })
    own.expect('b', 'the next one')
    shown.running = { turn: 1, eventId: 'a' }
    await cancelWork(chat, workOf(chat) ?? expect.fail(), never)
    expect(cancels).toEqual([1])
  })

  test('while none runs, the message of one\'s own that is next, once it has its turn [cli:chat turn:cancel]', async () => {
    const { chat, own, cancels } = chatWith(undefined, { turn: 7, eventId: 'other' }, { turn: 8, eventId: 'mine' })
    own.expect('mine', 'a')
    own.expect('later', 'b')
    expect(workOf(chat)).toEqual({ eventId: 'mine' })
    await cancelWork(chat, { eventId: 'mine' }, never)
    expect(cancels).toEqual([8])
  })

  test('nothing any more where that message was answered, or refused, or the chat was left [cli:chat turn:cancel]', async () => {
    const { chat, own, shown, cancels } = chatWith({ turn: 7, eventId: 'other' })
    own.expect('mine', 'a')
    own.forget('mine')
    await cancelWork(chat, { eventId: 'mine' }, never)
    own.expect('mine', 'a')
    await cancelWork(chat, { eventId: 'mine' }, AbortSignal.abort())
    shown.parked = true
    await cancelWork(chat, { eventId: 'mine' }, never)
    expect(workOf(chat)).toBeUndefined()
    expect(cancels).toEqual([])
  })
})
