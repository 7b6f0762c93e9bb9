import { EventEmitter } from 'node:events'
import { emitKeypressEvents } from 'node:readline'
import { StringDecoder } from 'node:string_decoder'
import { keySequences } from './key-sequences.ts'

export interface NodeKey {
  readonly name?: string
  readonly ctrl?: boolean
  readonly meta?: boolean
}

export type TakeKey = (text: string | undefined, key: NodeKey) => void

/** The keys of a terminal, while somebody takes them. */
export interface KeySource {
  /** From now on `take` is given each key, as soon as it comes. */
  on(take: TakeKey): void
  off(take: TakeKey): void
}

/** @param input is read once somebody takes its keys */
export function keySource(input: NodeJS.ReadableStream): KeySource {
  const keys = new EventEmitter()
  const decoder = new StringDecoder('utf8')
  const known = keySequences()
  const take = (piece: Buffer | string): void => void keys.emit('data', known(typeof piece === 'string' ? piece : decoder.write(piece)))
  // It listens to `data`, and emits `keypress`: nothing else of a stream is asked for.
  emitKeypressEvents(keys as NodeJS.ReadableStream & EventEmitter)
  return {
    on: (taker) => {
      keys.on('keypress', taker)
      if (!input.listeners('data').includes(take)) input.on('data', take)
    },
    off: (taker) => void keys.off('keypress', taker),
  }
}
