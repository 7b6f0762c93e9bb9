import type { ModelTool } from '../model.ts'
import type { TextCall } from './call-in-json.ts'
import type { Meter } from './lenient-json.ts'

/** A text in which calls in models' own marks are looked for. */
export interface MarkedText {
  readonly text: string
  readonly tools: readonly ModelTool[]
  readonly offered: ReadonlySet<string>
  readonly meter: Meter
  /** Where a sign comes next; -1 where it comes no more. */
  readonly next: (sign: string, from: number) => number
}

/** Without `calls`: what stands there is no call, and is passed over as a whole, so that no part of it is taken for one. */
export interface Found {
  readonly calls?: readonly TextCall[]
  readonly end: number
}

/** Looks for signs in a text, and remembers where each was found: many places that look for one end cost one search. */
export function nextSigns(text: string, meter: Meter): MarkedText['next'] {
  const known = new Map<string, { readonly from: number; readonly found: number }>()
  return (sign, from) => {
    const last = known.get(sign)
    if (last !== undefined && from >= last.from && (last.found < 0 || from <= last.found)) return last.found
    const found = text.indexOf(sign, from)
    meter.steps += (found < 0 ? text.length : found) - from
    known.set(sign, { from, found })
    return found
  }
}

/** Where the blanks end that begin here. */
export function afterBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '-')) at += 1
  return at
}
