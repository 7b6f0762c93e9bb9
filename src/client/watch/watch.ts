import { setTimeout as sleep } from 'node:timers/promises'
import { generationOf, nameOf } from '../../protocol/agent-key.ts'
import { isAwayForNow } from '../../protocol/errors.ts'
import { opOf } from '../../protocol/ids.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'
import type { StoredAgent } from '../../stores/agents.ts'
import type { MemoryStore, Stores } from '../../stores/stores.ts'
import type { AgentNames } from '../agent-names.ts'
import { abortWith } from '../abort-with.ts'
import { readerOf } from '../reading/reader.ts'
import { assertComeTo, comesBefore, idOfPosition, isUpTo, placeOf, placeOfEvent, placeOfPosition, toldId, type Place } from './place.ts'
import { openTurn, positionAt, presentPosition, type Position } from './position.ts'
import { subscriber } from './subscribers.ts'
import { endOf, tell } from './tell.ts'

export interface WatchOptions {
  /**
   * A sequence number of recall memory, or an event's `id`: what comes after it is told, without gap or repetition, also what happened long
   * ago. 0: from the agent's beginning. Default: what happens from now on. After a number the end of that message's turn may be told again;
   * after the id of an `end` it is not. An id names one agent of the name: where that one was deleted since, and another one created, the other
   * one is told from its beginning, after a `replaced`. A number is of whichever agent has the name now.
   */
  readonly after?: number | string
  /** Not beside `after`: from the beginning of this event's turn, however long ago that was; of one that has not begun, from now on. */
  readonly event?: string
  /** Ends the watching: the iteration is over, without an error. */
  readonly signal?: AbortSignal
  /** Called before the first event, where what `after` names is known: whoever watches on after this id is told the same. */
  readonly onBegun?: (id: string) => void
}

export interface WatchMethods {
  /**
   * Follows an agent across its turns, whoever sends to it and wherever it runs: see `TurnEvent`. What is stored is told in its order, once.
   * What another process writes is told within some hundredths of a second. Any number of watchers cost one reader of the stores in this process. Stores that
   * are away are waited for. Leaving the loop, `return()` or the signal frees what it holds.
   * @throws PerdureError while one iterates: `agent-unknown` (also when it is deleted meanwhile), `agent-archived` after all that was stored
   * is told, `invalid-argument` for an `after` that is neither, or a place to which the agent has not come,
   * also where its stores came back as those of an earlier day
   */
  watch(agentId: string, options?: WatchOptions): AsyncIterableIterator<TurnEvent>
}

const pageSize = 500
const awayPauseMs = 1_000

export function watchMethods(stores: Stores, { known }: AgentNames): WatchMethods {
  return {
    watch: (agentId, { after, event, signal, onBegun } = {}) => {
      // Where it begins is decided now, not when the first event is asked for: what is sent next is told.
      const begin = async (): Promise<Beginning> => {
        const given = after === undefined ? undefined : placeOf(after)
        const agent = await known(agentId)
        const generation = generationOf(agent.key)
        const replaced = given !== undefined && (given.generation ?? generation) < generation
        const place = replaced ? placeOf(0) : given
        if (place !== undefined) await assertCome(stores.memory, agent, place)
        const from = event === undefined ? await beginningOf(stores.memory, agent.key, place) : await beginningOfTurn(stores.memory, agent.key, event)
        onBegun?.(replaced ? String(after) : toldId(idOfPosition(from), generation))
        return { agent, from, replaced, last: typeof after === 'string' && place !== undefined ? place : placeOfPosition(from) }
      }
      const beginning = begin()
      beginning.catch(() => undefined)
      const leaving = new AbortController()
      const leave = leaving.signal
      const letGo = abortWith(leaving, signal)
      const events = watching(stores, { begun: () => begunBy(beginning, begin, leave), leave, letGo })
      // A generator that waits hears nothing of `return`; the signal lets it go on, and end.
      return {
        next: () => events.next(),
        return: () => {
          leaving.abort()
          letGo()
          return events.return(undefined)
        },
        [Symbol.asyncIterator]() {
          return this
        },
      }
    },
  }
}

interface Beginning {
  readonly agent: StoredAgent
  readonly from: Position
  /** What was told before was of an earlier agent of the name. */
  readonly replaced: boolean
  /** What comes up to this place was told before. */
  readonly last: Place
}

async function assertCome(memory: MemoryStore, { key }: StoredAgent, place: Place): Promise<void> {
  if (place.seq === 0 && place.generation === undefined) return
  assertComeTo(place, { name: nameOf(key), generation: generationOf(key), latest: await memory.messages.latestSeq(key) })
}

/** Before what `after` names, or right after it; what comes up to it is left out then. */
async function beginningOf(memory: MemoryStore, agentId: string, place: Place | undefined): Promise<Position> {
  if (place === undefined) return presentPosition(memory, agentId)
  const { seq, kind, within } = place
  const before = comesBefore(place)
  const position = await positionAt(memory, agentId, before ? seq - 1 : seq)
  if (kind === 'end') return { ...position, turn: within[0], ended: true }
  // A turn that has begun says that the one before has ended.
  return kind === 'turn' ? { ...position, ended: true } : position
}

/** The position is looked for before the event is: one that begins meanwhile comes after it. */
async function beginningOfTurn(memory: MemoryStore, agentId: string, eventId: string): Promise<Position> {
  const present = await presentPosition(memory, agentId)
  const begun = await memory.messages.byOp(agentId, opOf.event(agentId, eventId))
  return begun === undefined ? present : { ...(await positionAt(memory, agentId, begun.seq - 1)), ended: true }
}

/** The first try was made when the watching began; stores that were away then are asked again. */
async function begunBy(first: Promise<Beginning>, again: () => Promise<Beginning>, leave: AbortSignal): Promise<Beginning> {
  for (let trying = first; ; trying = again()) {
    try {
      return await trying
    } catch (error) {
      await pauseIfAway(error, leave)
    }
  }
}

async function pauseIfAway(error: unknown, leave: AbortSignal): Promise<void> {
  if (leave.aborted || !isAwayForNow(error)) throw error
  await sleep(awayPauseMs, undefined, { signal: leave })
}

interface Watching {
  readonly begun: () => Promise<Beginning>
  readonly leave: AbortSignal
  readonly letGo: () => void
}

async function* watching(stores: Stores, { begun, leave, letGo }: Watching): AsyncGenerator<TurnEvent, undefined> {
  const poller = readerOf(stores).watched
  try {
    const { agent, from, replaced, last: place } = await begun()
    const generation = generationOf(agent.key)
    // Within, ids are as those of a first agent: all of them are this agent's.
    const last: Place = { ...place, generation: 1 }
    const asTold = (event: TurnEvent): TurnEvent => (generation === 1 ? event : { ...event, id: toldId(event.id, generation) })
    if (replaced) yield { type: 'replaced', id: toldId('0', generation), key: agent.key }
    // The feed may stand before where this watcher begins.
    const fresh = (events: readonly TurnEvent[]): readonly TurnEvent[] => events.filter((event) => !isUpTo(placeOfEvent(event), last))
    let position = from
    let told: TurnEvent | undefined
    for (;;) {
      leave.throwIfAborted()
      const mine = subscriber(leave)
      try {
        const { feed, position: to, present } = await poller.join(agent, mine)
        try {
          for await (const page of upTo(stores.memory, agent.key, position, to)) {
            position = page.position
            yield* fresh(page.events).map(asTold)
          }
          // Whoever comes a second time, because of slowness or of stores that were away, has seen some of it.
          const seen = told
          yield* fresh(present).filter((event) => seen === undefined || !isUpTo(placeOfEvent(event), placeOf(seen.id))).map(asTold)
          told = present.at(-1) ?? told
          for (let batch = await mine.next(); batch !== undefined; batch = await mine.next()) {
            position = batch.position
            yield* batch.events.filter((event) => isOfNow(event) || !isUpTo(placeOfEvent(event), last)).map(asTold)
            told = batch.events.at(-1) ?? told
          }
        } finally {
          poller.leave(feed, mine)
        }
      } catch (error) {
        await pauseIfAway(error, leave)
      } finally {
        mine.close()
      }
    }
  } catch (error) {
    if (!leave.aborted) throw error
  } finally {
    letGo()
  }
  return undefined
}

/** The feed tells it once, as it happens. Several of them may have one id: until the next message comes nothing tells their places apart. */
const isOfNow = ({ type }: TurnEvent): boolean => type === 'memory' || type === 'waiting' || type === 'parked'

/** What was stored between the two positions, as it would have been told when it happened. */
async function* upTo({ messages, turns }: MemoryStore, agentId: string, from: Position, to: Position) {
  let position = from
  const recordOf = (turn: number) => turns.get(agentId, turn)
  while (position.seq < to.seq) {
    const page = (await messages.after(agentId, position.seq, pageSize)).filter(({ seq }) => seq <= to.seq)
    if (page.length === 0) break
    const told = await tell(position, page, { recordOf })
    position = told.position
    yield told
  }
  // Turns without a message, and the end of the last one, where those are told already to whoever came before.
  for (let turn = openTurn(position); turn < to.turn || (turn === to.turn && to.ended); turn += 1) {
    if (turn > 0) yield { events: endOf(await recordOf(turn), position.seq), position: { seq: position.seq, turn, ended: true } }
  }
}
