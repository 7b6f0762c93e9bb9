import { getEventListeners } from 'node:events'

/** Who would still be told of the signal: listeners, and what Node keeps of signals that were composed of it. */
export function leftAt(signal: AbortSignal): readonly unknown[] {
  const dependants = Object.getOwnPropertySymbols(signal).find(({ description }) => description === 'kDependantSignals')
  const composed = dependants && (signal as unknown as Readonly<Record<symbol, ReadonlySet<unknown> | undefined>>)[dependants]
  return [...getEventListeners(signal, 'abort'), ...(composed ?? [])]
}
