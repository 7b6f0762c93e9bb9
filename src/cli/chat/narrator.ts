import type { StoredMessage, ToolCall } from '../../protocol/messages.ts'
import type { TurnEnded, TurnEvent, TurnParked } from '../../protocol/turn-event.ts'
import { figuresText } from '../output/figures-text.ts'
import { oneLine } from '../output/text.ts'
import { replyText, type ReplyPlace } from '../output/reply-lines.ts'
import { thoughtsOf } from '../output/call-text.ts'
import { parkedText, turnEnd } from '../output/turn-end.ts'
import { callLine, noticeLine, resultLine } from '../output/turn-message.ts'
import type { Chat } from './chat.ts'
import { liveStep, type LiveStep } from './live-step.ts'
import { showWaiting } from './show-waiting.ts'

/** What goes on in the turn that is shown. */
interface Scene {
  readonly turn: number
  readonly eventId: string
  replies: number
  step: { readonly seq: number; readonly live: LiveStep; settled: boolean } | undefined
  /** Calls whose results have not come, by the provider's ids: each is printed with its result, so that the two stand together. */
  readonly calls: Map<string, { readonly call: ToolCall; readonly index: number }>
}

/** Shows what happens to the agent, whoever asked for it: each answer under its question, each result under its call. */
export function narrator(chat: Chat): (event: TurnEvent) => Promise<void> {
  const { agentId, console, mail, shown } = chat
  const { palette } = console
  const questions = new Map<string, string>()
  let scene: Scene | undefined
  let lastPark = ''

  const place: ReplyPlace = {
    agentId,
    palette,
    // As wide as the terminal is when a line is drawn.
    get columns() {
      return console.columns
    },
    wraps: console.wraps,
  }
  /** Says which question is answered, where another one stands below it. */
  const nameQuestion = (): void => {
    if (scene === undefined || shown.question === scene.eventId) return
    const question = mail.textOf(scene.eventId) ?? questions.get(scene.eventId)
    shown.question = scene.eventId
    if (question === undefined || question === '') return
    const head = mail.isOwn(scene.eventId) ? 'you>' : '  ! said elsewhere:'
    console.print(palette.dim(`${head} ${oneLine(question, Math.max(40, console.columns - head.length - 2))}`))
  }
  const grow = (): void => {
    const calls = chat.thoughts ? [...(scene?.calls.values() ?? [])].filter(({ call }) => call.name !== 'send_message').map(({ call }) => callLine(call, place)) : []
    const lines = [...calls, ...(scene?.step?.live.growing() ?? [])]
    if (lines.length > 0) nameQuestion()
    console.growing(lines)
  }
  const print = (lines: readonly string[]): void => {
    if (lines.length === 0) return
    nameQuestion()
    console.print(lines.join('\n'))
  }

  const message = (stored: StoredMessage): void => {
    switch (stored.role) {
      case 'user':
        questions.set(stored.eventId ?? '', stored.text)
        if (stored.eventId !== undefined && !mail.isOwn(stored.eventId)) nameQuestion()
        return
      case 'system':
        if (!chat.thoughts) return
        if (stored.eventId !== undefined) shown.question = stored.eventId
        print([noticeLine(stored, place)])
        return
      case 'assistant':
        assistant(stored)
        return
      case 'tool':
        result(stored)
    }
  }
  const assistant = (stored: StoredMessage): void => {
    if (chat.thoughts) {
      const live = scene?.step?.live ?? liveStep({ place, thoughts: () => true })
      for (const { call, text } of thoughtsOf(stored)) print([live.thought(call, text) ?? []].flat())
    }
    for (const [index, call] of (stored.calls ?? []).entries()) scene?.calls.set(call.id, { call, index })
  }
  const result = (stored: StoredMessage): void => {
    const asked = scene?.calls.get(stored.callId ?? '')
    scene?.calls.delete(stored.callId ?? '')
    if (stored.reply !== undefined) {
      if (scene !== undefined) scene.replies += 1
      reply(stored.reply, asked?.index ?? 0)
    } else if (chat.thoughts) print(asked === undefined ? [resultLine(stored, place, true)] : [callLine(asked.call, place), resultLine(stored, place)])
  }
  const reply = (text: string, call: number): void => {
    if (scene?.step !== undefined) scene.step.settled = true
    const rest = scene?.step?.live.reply(call, text)
    console.growing([])
    if (rest?.anew === true) print([palette.dim('  ! what stands above was not kept; this is the answer:')])
    print(rest === undefined || rest.anew ? [replyText(text, place)] : rest.lines)
  }

  /** What was written is a reply only once it was sent: of one that was not, nothing is to look as if it had been. */
  const leaveStep = (why: string): void => {
    const step = scene?.step
    if (scene !== undefined) scene.step = undefined
    if (step?.settled === false && step.live.committed) print([palette.dim(`  ! ${why}`)])
  }
  const beginStep = (seq: number): LiveStep => {
    const earlier = scene?.step?.seq === seq ? scene.step.live.shownThoughts : []
    leaveStep('the model is asked again; what stands above of its answer is void')
    const live = liveStep({ place, thoughts: () => chat.thoughts, earlier })
    if (scene !== undefined) scene.step = { seq, live, settled: false }
    return live
  }

  const stop = (): void => {
    shown.running = undefined
    console.busy()
    console.growing([])
  }
  const notSent = 'what stands above of its answer was not sent'
  const park = (event: TurnParked): void => {
    stop()
    leaveStep(notSent)
    shown.parked = true
    shown.retryAt = event.retryAt
    // A park with calls that wait was shown with them; one that repeats itself with every try says nothing new.
    const why = `${event.turn} ${event.reason ?? ''} ${event.detail ?? ''}`
    if (event.reason !== 'approval' && event.reason !== 'client-tool' && why !== lastPark) console.remark(palette.yellow(parkedText(event.reason, event.detail)))
    lastPark = why
    console.note(`parked: ${event.reason ?? 'unknown'}`)
    mail.stands(event)
  }
  const end = (event: TurnEnded): void => {
    stop()
    shown.parked = false
    if (scene?.turn === event.turn) {
      leaveStep(notSent)
      const text = turnEnd(event, scene.replies, palette)
      if (text !== undefined) {
        nameQuestion()
        console.remark(text)
      }
      console.note(figuresText(event.figures))
    }
    scene = undefined
    mail.stands(event)
  }
  const work = (turn: number, what: string): void => {
    shown.running = { turn, ...(scene?.turn === turn && { eventId: scene.eventId }) }
    shown.parked = false
    shown.doing = what
    console.busy(what)
  }

  return async (event) => {
    switch (event.type) {
      case 'turn':
        scene = { turn: event.turn, eventId: event.event.id, replies: 0, step: undefined, calls: new Map() }
        work(event.turn, 'thinking')
        return
      case 'step':
        beginStep(event.seq)
        work(event.turn, event.step > 1 ? `thinking, step ${event.step}` : 'thinking')
        return
      case 'delta':
        if (!console.live || scene === undefined) return
        print((scene.step?.seq === event.seq ? scene.step.live : beginStep(event.seq)).add(event))
        grow()
        return
      case 'reset':
        beginStep(event.seq)
        grow()
        return
      case 'message':
        message(event.message)
        grow()
        return
      case 'waiting':
        leaveStep(notSent)
        nameQuestion()
        await showWaiting(chat)
        return
      case 'parked':
        park(event)
        return
      case 'end':
        end(event)
        return
      case 'replaced':
        stop()
        scene = undefined
        console.remark(palette.yellow('The agent of this name that stands above was deleted. What follows is of another one, from its beginning.'))
        return
      case 'memory':
    }
  }
}
