import type { Stores } from '../../stores/stores.ts'
import { poller, type Poller } from '../watch/poller.ts'
import { lookOneByOne } from './looking.ts'
import { recordsOf, type Records } from './records.ts'

/** What reads the stores again and again, for all in this process who wait for something that others write there. */
export interface Reader {
  /** For those who watch agents. */
  readonly watched: Poller
  /** For those who wait for the end of a turn. */
  readonly records: Records
}

const readers = new WeakMap<Stores, Reader>()

/** The one reader of these stores in this process, however many wait and watch. */
export function readerOf(stores: Stores): Reader {
  const known = readers.get(stores)
  if (known !== undefined) return known
  const looking = lookOneByOne()
  const reader = { watched: poller(stores, looking), records: recordsOf(stores.memory.turns, looking) }
  readers.set(stores, reader)
  return reader
}
