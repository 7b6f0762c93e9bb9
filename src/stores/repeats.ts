import type { StoredMessage } from '../protocol/messages.ts'
import type { Meant } from './fusion.ts'
import { byScore, type Ranked, type Scored } from './relevance.ts'

/*
 * What is said again and again (by a timer, a monitor, a greeting) would fill a search of recall memory: of equal texts each counts as much as the
 * others, and raises its neighbours. In a ranking a text has one place, that of the best message that says it (of equals the newest); the others come behind all
 * that say something else. None is left out. The same in both sets of stores.
 */

/** So many of the best messages are compared by what they say, whichever page is asked for. What is said again behind them stands as it would. */
export const comparedTexts = 5_000

/**
 * Messages that say the same have the same form: letters large or small and spaces don't matter. Of what programs say, a timer or a monitor, figures don't
 * either. What a person has said with other figures is something else: a reading, a price.
 */
export function sayingOf({ role, kind, reply, text }: Pick<StoredMessage, 'role' | 'text'> & { readonly kind?: StoredMessage['kind'] | null; readonly reply?: string | null }): string {
  const said = (reply ?? text).trim().replaceAll(/\s+/gu, ' ').toLowerCase()
  const ofProgram = (kind ?? 'user-message') !== 'user-message'
  return `${role} ${ofProgram ? said.replaceAll(/\p{N}+/gu, '0') : said}`
}

/** Of messages in their order: those that say something first, and those that say it again. */
export class Sayings<Found> {
  readonly firsts: Found[] = []
  readonly again: Found[] = []
  readonly #known = new Set<string>()

  /** How many were compared. */
  get compared(): number {
    return this.firsts.length + this.again.length
  }

  add(found: Found, saying: string): void {
    ;(this.#known.has(saying) ? this.again : this.firsts).push(found)
    this.#known.add(saying)
  }
}

/** Repeats have so small a part of their scores that they lie below all others; what was not compared lies below them. */
const behind = 1e-6

/**
 * The whole ranking: what says something first as it stands, then what says it again, then what was not compared.
 * @param ordered as `orderWithNeighbours` gives it: a neighbour may say better what another one says
 * @param again what says again what one of these says
 * @param rest what was not compared, in its order
 */
export function putRepeatsBehind<Found extends Ranked>({ ordered, again, rest, sayingOfHit }: { readonly ordered: readonly Scored<Found>[]; readonly again: readonly Found[]; readonly rest: readonly Found[]; readonly sayingOfHit: (hit: Found) => string }): readonly Scored<Found>[] {
  const sayings = new Sayings<Scored<Found>>()
  for (const one of ordered) sayings.add(one, sayingOfHit(one.hit))
  const placed = new Set(ordered.map(({ hit }) => hit.seq))
  const isLeft = ({ seq }: Found): boolean => !placed.has(seq)
  const repeats = [...sayings.again, ...again.filter(isLeft).map((hit) => ({ hit, score: hit.own }))]
  return [
    ...sayings.firsts,
    ...repeats.map(({ hit, score }) => ({ hit, score: score * behind })).toSorted(byScore),
    ...rest.filter(isLeft).map((hit, place) => ({ hit, score: behind / (1 + place) })),
  ]
}

/**
 * What was meant, each text once: what the best of those that say it has is given to the one that has its place, by words if there is one.
 * @param ranked as `putRepeatsBehind` gives it, with all of `meant` that have one of the words
 */
export function meantOnce<Found extends Pick<Ranked, 'seq'>>({ meant, ranked, sayingOfHit }: { readonly meant: readonly Meant<Found>[]; readonly ranked: readonly Scored<Found>[]; readonly sayingOfHit: (hit: Found) => string }): readonly Meant<Found>[] {
  const places = new Map<string, Found>()
  const best = meant.toSorted((one, other) => other.similarity - one.similarity || other.hit.seq - one.hit.seq)
  for (const { hit } of [...ranked, ...best]) {
    const saying = sayingOfHit(hit)
    if (!places.has(saying)) places.set(saying, hit)
  }
  return meant.map(({ hit, similarity }) => ({ hit: places.get(sayingOfHit(hit)) ?? hit, similarity }))
}
