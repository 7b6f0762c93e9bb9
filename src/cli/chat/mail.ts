import type { TurnEnded, TurnParked } from '../../protocol/turn-event.ts'

type Standing = TurnEnded | TurnParked

/** The events that this chat waits for: sent by it, or by an earlier one. */
export interface Mail {
  /** How many have had no end yet. */
  readonly waiting: number
  /** Of these the one that came first. */
  readonly next: string | undefined
  /** Whether its turn has had no end yet. */
  awaits(eventId: string): boolean
  /** Whether the event was sent here, or is waited for here. */
  isOwn(eventId: string): boolean
  /** Its text, as far as it was said here. */
  textOf(eventId: string): string | undefined
  expect(eventId: string, text: string): void
  /** The agent refused it: there is nothing to wait for. */
  forget(eventId: string): void
  /** Its turn has ended, or stands still; whoever waits hears of it. */
  stands(standing: Standing): void
  /** Until that is told of an event that was expected: at once where it was. */
  standingOf(eventId: string): Promise<Standing>
}

/** @param ended is told of each event whose turn has ended */
export function mail(ended: (eventId: string) => void = () => undefined): Mail {
  const texts = new Map<string, string>()
  const open = new Set<string>()
  const told = new Map<string, Standing>()
  const waiters = new Map<string, (standing: Standing) => void>()
  return {
    get waiting() {
      return open.size
    },
    get next() {
      const [first] = open
      return first
    },
    awaits: (eventId) => open.has(eventId),
    isOwn: (eventId) => texts.has(eventId),
    textOf: (eventId) => texts.get(eventId),
    expect: (eventId, text) => {
      texts.set(eventId, text)
      open.add(eventId)
      told.delete(eventId)
    },
    forget: (eventId) => void open.delete(eventId),
    stands: (standing) => {
      if (standing.type === 'end') {
        open.delete(standing.eventId)
        ended(standing.eventId)
      }
      told.set(standing.eventId, standing)
      waiters.get(standing.eventId)?.(standing)
      waiters.delete(standing.eventId)
    },
    standingOf: (eventId) => {
      const standing = told.get(eventId)
      return standing === undefined ? new Promise((resolve) => waiters.set(eventId, resolve)) : Promise.resolve(standing)
    },
  }
}
